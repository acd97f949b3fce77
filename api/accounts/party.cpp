#include "api/accounts/party.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t name_size_max = 64;
constexpr std::size_t subject_size_max = 1024;
constexpr std::size_t tokens_stored_max = 1000;

Json to_json(const PartyToken& token) {
  Json json = {{"id", token.id},
               {"label", token.label},
               {"sha256", to_hex(token.sha256)},
               {"created", token.created.value}};
  if (token.certificate) json["certificate"] = *token.certificate;
  if (token.revoked) json["revoked"] = token.revoked->value;
  return json;
}

PartyToken read_token(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  PartyToken token;
  token.id = reader.text("id", 64);
  token.label = reader.text("label", label_size_max);
  token.sha256 = reader.hash("sha256");
  token.certificate = reader.optional_text("certificate", subject_size_max);
  token.created = UnixMillis{reader.integer("created", 0, json_integer_max)};
  if (const auto at = reader.optional_integer("revoked", 0, json_integer_max)) {
    token.revoked = UnixMillis{*at};
  }
  reader.done();
  return token;
}

}  // namespace

bool is_party_name(std::string_view name) {
  return !name.empty() && name.size() <= name_size_max &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

bool is_certificate_subject(std::string_view subject) {
  return !subject.empty() && subject.size() <= subject_size_max && is_printable_utf8(subject) &&
         subject.find('=') != subject.npos;
}

Bytes encode(const Party& party) {
  Json json = {{"name", party.name},
               {"audience", word_of(party.audience)},
               {"created", party.created.value},
               {"tokens", Json::array()}};
  for (const PartyToken& token : party.tokens) json["tokens"].push_back(to_json(token));
  return canonical_json(json);
}

Result<Party> decode_party(BytesView value) {
  const Json json = TRY(parse_json(value));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  Party party;
  party.name = reader.text("name", name_size_max);
  party.audience = reader.word<Audience>("audience");
  party.created = UnixMillis{reader.integer("created", 0, json_integer_max)};
  for (const Json& token : reader.array("tokens", 0, tokens_stored_max)) {
    party.tokens.push_back(read_token(token, "#/tokens", errors));
  }
  reader.done();
  if (!errors.empty()) return corrupt("a stored Party is wrong: " + describe(errors));
  return party;
}

}  // namespace cpl
