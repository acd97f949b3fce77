// Which private keys of a token a URI names. For crypto/token_*.cpp.
#pragma once

#include "crypto/pkcs11/session.hpp"

namespace cpl {

struct FoundKey {
  CK_OBJECT_HANDLE handle = 0;
  std::string uri;
  std::string label;
};

Result<std::vector<FoundKey>> find_token_keys(const TokenSession& session);
// The one that the URI fits.
Result<FoundKey> find_token_key(const TokenSession& session);

}  // namespace cpl
