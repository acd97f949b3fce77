#include "api/accounts/party.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t name_size_max = 64;
constexpr std::size_t subject_size_max = 1024;
constexpr std::size_t tokens_stored_max = 1000;
constexpr std::size_t legal_name_size_max = 200;
constexpr std::size_t mailbox_size_max = 254;
constexpr std::size_t telephone_size_max = 30;

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

PartyDetails read_details(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  PartyDetails details;
  details.legal_name = reader.optional_text("legal_name", legal_name_size_max).value_or("");
  if (reader.has("categories")) {
    for (const Json& one : reader.array("categories", 1, party_category_words.size())) {
      const std::string word = one.is_string() ? one.get<std::string>() : "";
      const auto at = std::find(party_category_words.begin(), party_category_words.end(), word);
      if (at == party_category_words.end()) {
        reader.fail("categories", "must hold categories of the Code, such as small-supplier");
        continue;
      }
      details.categories.push_back(static_cast<PartyCategory>(at - party_category_words.begin()));
    }
  }
  details.acceded = reader.optional_date("acceded");
  details.withdrawn = reader.optional_date("withdrawn");
  if (details.acceded && details.withdrawn && *details.withdrawn < *details.acceded) {
    reader.fail("withdrawn", "is before the day of its accession");
  }
  details.mailbox = reader.optional_text("mailbox", mailbox_size_max).value_or("");
  if (!details.mailbox.empty() && details.mailbox.find('@') == details.mailbox.npos) {
    reader.fail("mailbox", "is no e-mail address");
  }
  details.telephone = reader.optional_text("telephone", telephone_size_max).value_or("");
  if (details.telephone.find_first_not_of("+0123456789 ()-") != details.telephone.npos) {
    reader.fail("telephone", "has digits, spaces, + - ( and ) alone");
  }
  reader.done();
  return details;
}

Json to_json(const PartyDetails& details) {
  Json json = Json::object();
  if (!details.legal_name.empty()) json["legal_name"] = details.legal_name;
  for (const PartyCategory one : details.categories) json["categories"].push_back(word_of(one));
  if (details.acceded) json["acceded"] = details.acceded->text();
  if (details.withdrawn) json["withdrawn"] = details.withdrawn->text();
  if (!details.mailbox.empty()) json["mailbox"] = details.mailbox;
  if (!details.telephone.empty()) json["telephone"] = details.telephone;
  return json;
}

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
  const Json details = to_json(party.details);
  if (!details.empty()) json["details"] = details;
  if (party.removed) json["removed"] = party.removed->value;
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
  if (reader.has("details")) {
    party.details = read_details(reader.object("details"), "#/details", errors);
  }
  if (const auto at = reader.optional_integer("removed", 0, json_integer_max)) {
    party.removed = UnixMillis{*at};
  }
  reader.done();
  if (!errors.empty()) return corrupt("a stored Party is wrong: " + describe(errors));
  return party;
}

}  // namespace cpl
