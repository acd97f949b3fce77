#include "api/routes/idempotency.hpp"

#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::string_view header_name = "idempotency-key";
constexpr std::size_t key_size_max = 255;

Error malformed_key(const std::string& what) {
  return malformed("idempotency-key-malformed",
                   "Idempotency-Key is a text of 1 to 255 printable ASCII characters in double "
                   "quotes: " +
                       what);
}

bool is_printable_ascii(char c) { return c >= ' ' && c <= '~'; }

// RFC 9651, 4.2.5, of all that is between the quotes.
Result<std::string> unquoted(std::string_view inside) {
  std::string key;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '"') return malformed_key("something comes after the closing quote");
    if (!is_printable_ascii(inside[i])) return malformed_key("it holds another character");
    if (inside[i] == '\\') {
      ++i;
      if (i == inside.size() || (inside[i] != '"' && inside[i] != '\\')) {
        return malformed_key("a backslash stands before a quote or a backslash only");
      }
    }
    key.push_back(inside[i]);
  }
  return key;
}

// What a client would send that knows of no quotes; nothing that could be more than one item.
Result<std::string> bare(std::string_view value) {
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return c > ' ' && c <= '~' && std::string_view("\"\\,;").find(c) == std::string_view::npos;
  });
  if (plain) return std::string(value);
  return malformed_key("without quotes it holds no spaces, quotes, backslashes, ',' and ';'");
}

}  // namespace

Result<std::string> idempotency_key(const HttpRequest& request) {
  const auto field = request.headers.find(header_name);
  if (!field) {
    return malformed("idempotency-key-missing",
                     "this request makes something: name it with a header such as "
                     "Idempotency-Key: \"8e03978e-40d5-43dd-bc93-6894a57f9324\", a new one for "
                     "each request and the same one when it is sent again");
  }
  if (request.headers.count(header_name) > 1) return malformed_key("there is more than one");
  std::string_view value = *field;
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  value = value.substr(0, value.find_last_not_of(" \t") + 1);
  const bool quoted = value.starts_with('"');
  if (quoted && (value.size() < 2 || !value.ends_with('"'))) {
    return malformed_key("the closing quote is missing");
  }
  std::string key = TRY(quoted ? unquoted(value.substr(1, value.size() - 2)) : bare(value));
  if (key.empty()) return malformed_key("it is empty");
  if (key.size() > key_size_max) return malformed_key("it is longer");
  return key;
}

std::string principal_of(const PartyId& party) { return "party:" + party.name; }

Bytes remembered_form(const HttpResponse& response) {
  Json headers = Json::array();
  for (const auto& [name, value] : response.headers) headers.push_back({name, value});
  const Json json = {{"status", response.status},
                     {"headers", std::move(headers)},
                     {"body", response.body ? *response.body : Bytes()}};
  return json.dump();
}

Result<HttpResponse> answer_from(BytesView remembered) {
  const Json json = TRY(parse_json(remembered));
  HttpResponse response;
  response.status = json["status"].get<unsigned>();
  for (const Json& field : json["headers"]) {
    response.headers.emplace_back(field[0].get<std::string>(), field[1].get<std::string>());
  }
  response.body = std::make_shared<const Bytes>(json["body"].get<Bytes>());
  return response;
}

HttpResponse Idempotency::no_room(const Error& refused, const std::string& principal) const {
  HttpResponse refusal = problem_response(refused, problem_base_);
  const std::uint64_t now = clock_.now().value;
  const std::uint64_t room = std::max(answers_->room_from(principal).value, now + 1);
  set_header(refusal, "Retry-After", std::to_string((room - now + 999) / 1000));
  return refusal;
}

Result<HttpResponse> Idempotency::idempotent(const HttpRequest& request,
                                             const std::string& principal, const Work& work) const {
  if (!answers_) {
    return Error{Errc::unavailable, "answers-unavailable", "this service keeps no answers"};
  }
  std::string key = TRY(idempotency_key(request));
  auto turn =
      answers_->begin({principal, "POST", request.segments, std::move(key)}, sha256(request.body));
  if (!turn && turn.error().errc == Errc::overloaded) return no_room(turn.error(), principal);
  if (!turn) return turn.error();
  if (turn->given()) {
    HttpResponse again = TRY(answer_from(*turn->given()));
    again.headers.emplace_back("Idempotency-Replayed", "true");
    return again;
  }
  HttpResponse response;
  TRY_VOID(work([&](HttpResponse answer, WriteBatch& batch) {
    response = std::move(answer);
    turn->remember(remembered_form(response), batch);
  }));
  turn->done();
  return response;
}

}  // namespace cpl
