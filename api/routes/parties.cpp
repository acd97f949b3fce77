// Accounts of Parties, which only the operator makes, and whose tokens are shown once.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/parties.hpp"

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
               {"audience", word_of(party.audience)},
               {"created", format_time(party.created)},
               {"tokens", Json::array()}};
  for (const PartyToken& token : party.tokens) json["tokens"].push_back(token_view(token));
  json["details"] = to_json(party.details);
  if (party.removed) json["removed"] = format_time(*party.removed);
  return json;
}

HttpResponse new_token_response(const std::string& name, const NewToken& made) {
  HttpResponse response = json_response(
      201, {{"party", name}, {"token", made.secret}, {"details", token_view(made.token)}});
  response.headers.emplace_back("Location", "/v1/operator/parties/" + name);
  return response;
}

Result<HttpResponse> list_parties(const PartyBook& parties) {
  Json list = Json::array();
  for (const Party& party : parties.list()) list.push_back(party_view(party));
  return json_response(200, {{"parties", std::move(list)}});
}

Result<void> add_party(PartyBook& parties, const HttpRequest& request, const Answer& answer) {
  const Json json = TRY(parse_json(request.body));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const std::string name = reader.text("name", 100);
  const auto audience =
      reader.has("audience") ? reader.word<Audience>("audience") : Audience::parties;
  const std::string label = reader.optional_text("label", 100).value_or("first");
  const bool wants_token = !reader.has("token") || reader.boolean("token");
  PartyDetails details;
  if (reader.has("details")) {
    details = read_details(reader.object("details"), "#/details", errors);
    if (wants_token) reader.fail("details", "are given here to a Party without a token");
  }
  reader.done();
  if (!errors.empty()) {
    return invalid_fields("validation-failed", "the Party", errors);
  }
  if (!wants_token) {
    TRY(parties.enter(name, audience, details, [&](const Party& made, WriteBatch& batch) {
      HttpResponse response = json_response(201, party_view(made));
      response.headers.emplace_back("Location", "/v1/operator/parties/" + name);
      answer(std::move(response), batch);
    }));
    return {};
  }
  TRY(parties.add(name, audience, label, [&](const NewToken& made, WriteBatch& batch) {
    answer(new_token_response(name, made), batch);
  }));
  return {};
}

Result<void> add_token_to(PartyBook& parties, const std::string& name, const HttpRequest& request,
                          const Answer& answer) {
  const Json json = TRY(parse_json(request.body));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const std::string label = reader.text("label", 100);
  const auto certificate = reader.optional_text("certificate", 1024);
  reader.done();
  if (!errors.empty()) {
    return invalid_fields("validation-failed", "the token", errors);
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

Result<PartyBook*> PartyRoutes::book_here() const {
  if (book != nullptr) return book.get();
  return Error{Errc::unavailable, "parties-unavailable", "this service keeps no Parties"};
}

Result<HttpResponse> PartyRoutes::list(const Call&) const {
  return list_parties(*TRY(book_here()));
}

Result<HttpResponse> PartyRoutes::get(const Call& call) const {
  return json_response(200, party_view(TRY(TRY(book_here())->find(call.segment()))));
}

Result<void> PartyRoutes::add(const Call& call, const Answer& answer) const {
  return add_party(*TRY(book_here()), call.request, answer);
}

Result<void> PartyRoutes::add_token(const Call& call, const Answer& answer) const {
  return add_token_to(*TRY(book_here()), call.segment(), call.request, answer);
}

Result<HttpResponse> PartyRoutes::revoke_token(const Call& call) const {
  PartyBook& parties = *TRY(book_here());
  return json_response(200, party_view(TRY(parties.revoke(call.segment(0), call.segment(1)))));
}

Result<HttpResponse> PartyRoutes::describe(const Call& call) const {
  PartyBook& parties = *TRY(book_here());
  const Json json = TRY(parse_json(call.request.body));
  FieldErrors errors;
  const PartyDetails details = read_details(json, "#", errors);
  if (!errors.empty()) return invalid_fields("validation-failed", "the Party's details", errors);
  return json_response(200, party_view(TRY(parties.describe(call.segment(), details))));
}

// Its tokens first: whoever holds one makes no subscription while the others end.
Result<HttpResponse> PartyRoutes::remove(const Call& call) const {
  const Party party = TRY(TRY(book_here())->remove(call.segment()));
  const std::string why = "the operator removed the Party at " + format_time(*party.removed);
  Json ended = Json::array();
  for (const Subscription& own : notifier.of_owner(party.name)) {
    TRY_VOID(notifier.retire(party.name, own.id, {}, why));
    ended.push_back(own.id);
  }
  Json json = party_view(party);
  json["subscriptions_ended"] = std::move(ended);
  return json_response(200, json);
}

}  // namespace cpl
