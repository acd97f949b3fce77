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

// The categories that the Code divides Parties into.
enum class PartyCategory : std::uint8_t {
  large_supplier,
  small_supplier,
  electricity_network,
  gas_network,
  other
};
inline constexpr std::array<std::string_view, 5> party_category_words = {
    "large-supplier", "small-supplier", "electricity-network", "gas-network", "other"};
template <>
struct Words<PartyCategory> {
  static constexpr const auto& list = party_category_words;
};

// What the directory says of a Party. Of people it knows nothing: mailbox and telephone are those
// of a role.
struct PartyDetails {
  std::string legal_name{};
  std::vector<PartyCategory> categories{};
  std::optional<Date> acceded{};
  std::optional<Date> withdrawn{};
  std::string mailbox{};
  std::string telephone{};
};

struct Party {
  std::string name;  // Lower-case letters, digits, '-' and '.': the owner of its subscriptions.
  Audience audience{};
  UnixMillis created;
  std::vector<PartyToken> tokens;  // The oldest first; revoked ones for the record.
  PartyDetails details{};
  std::optional<UnixMillis> removed{};  // From when on it has no account any more.
};

// Who a request comes from.
struct PartyId {
  std::string name;
  Audience audience{};
};

bool is_party_name(std::string_view name);
PartyDetails read_details(const Json& value, const std::string& pointer, FieldErrors& errors);
Json to_json(const PartyDetails& details);
bool is_certificate_subject(std::string_view subject);

Bytes encode(const Party& party);
Result<Party> decode_party(BytesView value);

}  // namespace cpl
