#include "registry/statement.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/statement_json.hpp"

namespace cpl {
namespace {

constexpr std::string_view header = "cpl/statement/v1\n";
constexpr std::size_t origin_size_max = 255;

Error statement_error(std::string detail) {
  return malformed("statement-malformed", "not a statement: " + std::move(detail));
}

Result<StatementBody> parse_body(std::string_view type, const Json& json, UnixMillis& issued_at) {
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  issued_at = reader.time("issued_at");
  std::optional<StatementBody> body = read_statement_body(type, reader, errors);
  if (!body) {
    return malformed("statement-type-unknown",
                     "\"" + std::string(utf8_prefix(type, 64)) + "\" is not a type of statement");
  }
  reader.done();
  if (!errors.empty()) {
    return malformed("statement-invalid",
                     "the " + std::string(type) + " is not as it must be: " + describe(errors));
  }
  return *std::move(body);
}

}  // namespace

std::string to_string(Verb verb) { return std::string(verb_words[static_cast<std::size_t>(verb)]); }
bool authorises(Verb verb) { return verb == Verb::approved || verb == Verb::agreed; }
std::string to_string(RemovalBasis basis) {
  return std::string(removal_basis_words[static_cast<std::size_t>(basis)]);
}

bool Decision::names(const ModelId& model, Act act) const {
  return std::any_of(authorises.begin(), authorises.end(), [&](const Authorisation& authorisation) {
    return authorisation.act == act &&
           std::find(authorisation.models.begin(), authorisation.models.end(), model) !=
               authorisation.models.end();
  });
}

void put_renewed(const CertificateChange& change, DeviceModel& model) {
  switch (change.kind) {
    case CertificateKind::zigbee:
      model.zigbee = change.renewed;
      break;
    case CertificateKind::dlms:
      model.dlms = change.renewed;
      break;
    case CertificateKind::cpa:
      model.cpa = change.renewed_cpa;
      break;
  }
}

Bytes format_statement(const Statement& statement) {
  Json json = to_json(statement.body);
  json["issued_at"] = format_time(statement.issued_at);
  return Bytes(header) + statement.origin + "\n" + std::string(statement.type()) + "\n" +
         canonical_json(json) + "\n";
}

Result<Statement> parse_statement(BytesView text) {
  if (!is_note_text(text)) return statement_error("it must be UTF-8 lines ending in newlines");
  if (text.size() > statement_size_max) return statement_error("it is too long");
  if (!text.starts_with(header)) {
    return statement_error("its first line must be \"cpl/statement/v1\"");
  }
  if (text.find("\n\n") != text.npos) return statement_error("it has an empty line");
  std::string_view rest = text.substr(header.size());
  const auto origin = take_line(rest);
  const auto type = take_line(rest);
  if (!origin || !type || rest.empty()) {
    return statement_error("lines for the origin, the type and the content must follow");
  }
  if (origin->empty() || origin->size() > origin_size_max) {
    return statement_error("the origin must have 1 to 255 octets");
  }
  const Json json = TRY(parse_json(rest));
  UnixMillis issued_at;
  StatementBody body = TRY(parse_body(*type, json, issued_at));
  return Statement{std::string(*origin), issued_at, std::move(body), find_seals(json)};
}

Hash statement_id(BytesView text) { return sha256(text); }

}  // namespace cpl
