// A Party's account: whom subscriptions belong to, and the tokens that speak for it. Only hashes of
// tokens are known here; a token of 256 random bits needs no slower hash.
#pragma once

#include "notifier/event.hpp"

namespace cpl {

struct PartyToken {
  std::string id;  // "tok_" and 12 hexadecimal digits: names the token, and is no secret.
  std::string label;
  Hash sha256;
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

Bytes encode(const Party& party);
Result<Party> decode_party(BytesView value);

}  // namespace cpl
