// DKIM signatures (RFC 6376), relaxed/relaxed: that a message was sent by its domain, and not
// altered on its way.
#pragma once

#include "crypto/dkim_key.hpp"
#include "registry/base/time.hpp"

namespace cpl {

struct DkimSigner {
  std::string domain;
  std::string selector;
  DkimKey key;
};

// The DKIM-Signature field, with CRLF, to be put before the fields. `fields` and `body` are the
// message's, with lines that end CRLF. It covers the fields that a reader goes by, and that there
// is no second one of any.
std::string dkim_signature(const DkimSigner& signer, std::string_view fields, std::string_view body,
                           UnixMillis now);

// For its tests: the canonical forms that are hashed.
std::string dkim_relaxed_field(std::string_view field);
std::string dkim_relaxed_body(std::string_view body);

}  // namespace cpl
