// A Party's account: whom subscriptions belong to, and the tokens and client certificates that
// speak for it. Only hashes of tokens are known here; a token of 256 random bits needs no slower
// hash.
#pragma once

#include "notifier/event/event.hpp"

namespace cpl {

inline constexpr std::size_t label_size_max = 100;

struct PartyToken {
  std::string id;  // "tok_" and 12 hexadecimal digits: names the token, and is no secret.
  std::string label;
  Hash sha256;  // Of the token or of the subject.
  // Not a token but whoever shows a certificate of this subject (RFC 2253), from an authority that
  // the service trusts for its clients: it may be renewed.
  std::optional<std::string> certificate;
  UnixMillis created;
  std::optional<UnixMillis> revoked;
};

struct Party {
  std::string name;  // Lower-case letters, digits, '-' and '.': the owner of its subscriptions.
  Audience audience{};
  UnixMillis created;
  std::vector<PartyToken> tokens;  // The oldest first; revoked ones for the record.
};

// Who a request comes from.
struct PartyId {
  std::string name;
  Audience audience{};
};

bool is_party_name(std::string_view name);
bool is_certificate_subject(std::string_view subject);

Bytes encode(const Party& party);
Result<Party> decode_party(BytesView value);

}  // namespace cpl
