// Accounts of Parties, which only the operator makes, and whose tokens are shown once.
#include <nlohmann/json.hpp>

#include "api/http/bearer.hpp"
#include "api/routes/api.hpp"
#include "api/routes/idempotency.hpp"

namespace cpl {
namespace {

Json token_view(const PartyToken& token) {
  Json json = {{"id", token.id}, {"label", token.label}, {"created", format_time(token.created)}};
  if (token.certificate) json["certificate"] = *token.certificate;
  if (token.revoked) json["revoked"] = format_time(*token.revoked);
  return json;
}

Json party_view(const Party& party) {
  Json json = {{"name", party.name},
               {"audience", audience_words[static_cast<std::size_t>(party.audience)]},
               {"created", format_time(party.created)},
               {"tokens", Json::array()}};
  for (const PartyToken& token : party.tokens) json["tokens"].push_back(token_view(token));
  return json;
}

// Those of the configuration have one token, which is nowhere but there.
Json party_view(const Subscriber& configured) {
  return {{"name", configured.name},
          {"audience", audience_words[static_cast<std::size_t>(configured.audience)]},
          {"configured", true}};
}

HttpResponse new_token_response(const std::string& name, const NewToken& made) {
  HttpResponse response = json_response(
      201, {{"party", name}, {"token", made.secret}, {"details", token_view(made.token)}});
  response.headers.emplace_back("Location", "/v1/operator/parties/" + name);
  return response;
}

Result<HttpResponse> list_parties(const PartyBook& parties) {
  Json list = Json::array();
  for (const Subscriber& configured : parties.configured()) list.push_back(party_view(configured));
  for (const Party& party : parties.list()) list.push_back(party_view(party));
  return json_response(200, {{"parties", std::move(list)}});
}

Result<void> add_party(PartyBook& parties, const HttpRequest& request, const Answer& answer) {
  const Json json = TRY(parse_json(request.body));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const std::string name = reader.text("name", 100);
  const std::size_t audience = reader.has("audience") ? reader.word("audience", audience_words) : 0;
  const std::string label = reader.optional_text("label", 100).value_or("first");
  reader.done();
  if (!errors.empty()) {
    return malformed("validation-failed", "the Party is not as it must be: " + describe(errors));
  }
  TRY(parties.add(name, static_cast<Audience>(audience), label,
                  [&](const NewToken& made, WriteBatch& batch) {
                    answer(new_token_response(name, made), batch);
                  }));
  return {};
}

Result<void> add_token(PartyBook& parties, const std::string& name, const HttpRequest& request,
                       const Answer& answer) {
  const Json json = TRY(parse_json(request.body));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const std::string label = reader.text("label", 100);
  const auto certificate = reader.optional_text("certificate", 1024);
  reader.done();
  if (!errors.empty()) {
    return malformed("validation-failed", "the token is not as it must be: " + describe(errors));
  }
  if (certificate) {
    TRY(parties.add_certificate(
        name, label, *certificate, [&](const PartyToken& made, WriteBatch& batch) {
          answer(json_response(201, {{"party", name}, {"details", token_view(made)}}), batch);
        }));
    return {};
  }
  TRY(parties.add_token(name, label, [&](const NewToken& made, WriteBatch& batch) {
    answer(new_token_response(name, made), batch);
  }));
  return {};
}

}  // namespace

HttpResponse Api::parties(const HttpRequest& request) {
  auto response = route_parties(request);
  if (!response) {
    return for_them_alone(problem(response.error()));
  }
  return for_them_alone(*std::move(response));
}

// /v1/operator/parties[/{name}[/tokens[/{id}]]]
Result<HttpResponse> Api::route_parties(const HttpRequest& request) {
  TRY_VOID(authenticate_operator(request));
  if (!options_.parties) {
    return Error{Errc::unavailable, "parties-unavailable", "this service keeps no Parties"};
  }
  PartyBook& book = *options_.parties;
  const Path path = Path(request.segments).subspan(3);
  const bool is_get = request.method == HttpMethod::get || request.method == HttpMethod::head;
  const bool is_post = request.method == HttpMethod::post;
  if (path.empty() && is_get) return list_parties(book);
  if (path.empty() && is_post) {
    return once(request, operator_principal,
                [&](const Answer& answer) { return add_party(book, request, answer); });
  }
  if (path.size() == 1 && is_get) return json_response(200, party_view(TRY(book.find(path[0]))));
  const bool of_tokens = path.size() >= 2 && path[1] == "tokens";
  if (of_tokens && path.size() == 2 && is_post) {
    return once(request, operator_principal,
                [&](const Answer& answer) { return add_token(book, path[0], request, answer); });
  }
  if (of_tokens && path.size() == 3 && request.method == HttpMethod::delete_) {
    return json_response(200, party_view(TRY(book.revoke(path[0], path[2]))));
  }
  return Error{Errc::invalid, "method-not-allowed",
               "Parties take GET and POST, their tokens POST and, one of them, DELETE"};
}

}  // namespace cpl
