#include "registry/statement/statement.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/plain_text.hpp"
#include "registry/statement/statement_json.hpp"

namespace cpl {
namespace {

constexpr std::string_view header = "cpl/statement/v1\n";
constexpr std::size_t origin_size_max = 255;
constexpr char32_t first_beyond_controls = 0xA0;

Error statement_error(std::string detail) {
  return malformed("statement-malformed", "not a statement: " + std::move(detail));
}

// People sign what they read: no text of a statement holds what they would not see. Control
// characters are left to the readers of the members, for some may hold line feeds.
void refuse_hidden(const Json& value, const std::string& pointer, FieldErrors& errors) {
  if (value.is_string()) {
    const auto hidden = find_hidden(value.get_ref<const std::string&>(), "\n");
    if (!hidden || hidden->code < first_beyond_controls) return;
    errors.push_back({pointer, "holds " + describe(*hidden)});
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      refuse_hidden(member, std::string(pointer).append("/").append(name), errors);
    }
  } else if (value.is_array()) {
    std::size_t position = 0;
    for (const Json& item : value) {
      refuse_hidden(item, pointer + "/" + std::to_string(position++), errors);
    }
  }
}

// Nearly no statement has anything to look for, and this is done for every entry.
bool may_hide(std::string_view json) {
  return json.find("\\u") != json.npos || find_hidden(json, "\n");
}

Result<Statement> parse_content(std::string_view origin, std::string_view type,
                                std::string_view text) {
  const Json json = TRY(parse_json(text));
  FieldErrors errors;
  if (may_hide(text)) refuse_hidden(json, "#", errors);
  FieldReader reader(json, "#", errors);
  const UnixMillis issued_at = reader.time("issued_at");
  std::optional<StatementBody> body = read_statement_body(type, reader, errors);
  if (!body) {
    return malformed("statement-type-unknown",
                     "\"" + std::string(utf8_prefix(type, 64)) + "\" is not a type of statement");
  }
  reader.done();
  if (!errors.empty()) {
    return invalid_fields("statement-invalid", "the content of the " + std::string(type), errors);
  }
  return Statement{std::string(origin), issued_at, *std::move(body), find_seals(json)};
}

}  // namespace

UnixMillis effective_time(const StatedTime& stated, UnixMillis entered) {
  // Statements carry whole seconds.
  return stated.value_or(UnixMillis{entered.value / 1000 * 1000});
}

std::string to_string(Verb verb) { return std::string(word_of(verb)); }
bool authorises(Verb verb) { return verb == Verb::approved || verb == Verb::agreed; }
std::string to_string(RemovalBasis basis) { return std::string(word_of(basis)); }
std::string to_string(LoadingStatus status) { return std::string(word_of(status)); }

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
  if (const auto hidden = find_hidden(*origin)) {
    return statement_error("the origin holds " + describe(*hidden));
  }
  return parse_content(*origin, *type, rest);
}

Result<Statement> read_signed(BytesView note) {
  return parse_statement(TRY(parse_note(note)).text);
}

Hash statement_id(BytesView text) { return sha256(text); }

}  // namespace cpl
