#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::parties_test {

namespace {

const std::string parties = "/v1/operator/parties";

}  // namespace

TEST_CASE("api: Parties are the operator's alone") {
  TestApi registry;
  const std::string body = R"({"name": "example-energy"})";
  CHECK(problem(registry.send(HttpMethod::post, parties, body), 401)["code"] ==
        "credentials-missing");
  CHECK(registry.send(HttpMethod::post, parties, body, party_token).status == 401);
  CHECK(registry.send(HttpMethod::get, parties, {}, party_token).status == 401);
  CHECK(registry.send(HttpMethod::get, parties, {}, operator_token).status == 200);
}

TEST_CASE("api: no token, a wrong one and a service without an operator are told apart") {
  TestApi registry;
  const auto refused = [&](const std::string& path, std::string_view token) {
    return problem(registry.send(HttpMethod::get, path, {}, token), 401);
  };
  CHECK(refused(parties, {})["code"] == "credentials-missing");
  CHECK(refused(parties, "guessed")["detail"] == "this is not the operator's token");
  CHECK(refused("/metrics", "guessed")["code"] == "credentials-unknown");
  CHECK(refused("/v1/subscriptions", {})["code"] == "credentials-missing");
  CHECK_THAT(refused("/v1/subscriptions", operator_token)["detail"].get<std::string>(),
             Catch::Contains("of no Party here, or was revoked"));
  ApiOptions options = api_options();
  options.operator_token_sha256.reset();
  options.metrics_token_sha256.reset();
  registry.api = std::make_unique<Api>(*registry.log, *registry.sequencer, *registry.notifier,
                                       registry.log.clock, std::move(options));
  for (const std::string& path : {parties, std::string("/metrics")}) {
    CHECK(refused(path, "guessed")["code"] == "operator-not-configured");
  }
}

TEST_CASE("api: a Party that is added subscribes with its token, until that is revoked") {
  TestApi registry;
  const auto as_operator = [&](HttpMethod method, const std::string& target, const Bytes& body) {
    return registry.send(method, target, body, operator_token);
  };
  const HttpResponse added =
      as_operator(HttpMethod::post, parties, R"({"name": "example-energy", "label": "2026"})");
  REQUIRE(added.status == 201);
  CHECK(header(added, "Location") == parties + "/example-energy");
  const Json made = Json::parse(*added.body);
  const auto token = made["token"].get<std::string>();
  const auto subscribe = [&] {
    return registry
        .send(HttpMethod::post, "/v1/subscriptions", R"({"url": "https://party.example/"})", token)
        .status;
  };
  CHECK(subscribe() == 201);
  const HttpResponse list = as_operator(HttpMethod::get, parties, {});
  CHECK(list.body->find(token) == std::string::npos);
  CHECK(list.body->find("sha256") == std::string::npos);
  CHECK(Json::parse(*list.body)["parties"].size() == 3);  // The two of the fixture also.
  const std::string path = parties + "/example-energy/tokens";
  REQUIRE(as_operator(HttpMethod::post, path, R"({"label": "2027"})").status == 201);
  const auto id = made["details"]["id"].get<std::string>();
  const HttpResponse revoked = as_operator(HttpMethod::delete_, path + "/" + id, {});
  REQUIRE(revoked.status == 200);
  CHECK(Json::parse(*revoked.body)["tokens"][0].contains("revoked"));
  CHECK(subscribe() == 401);
}

TEST_CASE("api: a client certificate that the operator named speaks for its Party") {
  TestApi registry;
  const std::string subject = "CN=hooks.example,O=Example Energy";
  REQUIRE(registry.send(HttpMethod::post, parties, R"({"name": "example-energy"})", operator_token)
              .status == 201);
  const HttpResponse added =
      registry.send(HttpMethod::post, parties + "/example-energy/tokens",
                    Json{{"label", "client"}, {"certificate", subject}}.dump(), operator_token);
  REQUIRE(added.status == 201);
  const Json made = Json::parse(*added.body);
  CHECK_FALSE(made.contains("token"));
  CHECK(made["details"]["certificate"] == subject);
  const auto subscribe = [&](const std::string& shown) {
    registry.client_certificate = shown;
    const HttpResponse response = registry.send(HttpMethod::post, "/v1/subscriptions",
                                                R"({"url": "https://party.example/"})");
    registry.client_certificate.clear();
    return response;
  };
  CHECK(problem(subscribe("CN=hooks.example"), 401)["code"] == "credentials-unknown");
  const HttpResponse subscribed = subscribe(subject);
  REQUIRE(subscribed.status == 201);
  CHECK(registry.notifier->of_owner("example-energy").size() == 1);
}

TEST_CASE("api: what is wrong with a Party is said") {
  TestApi registry;
  const auto refused = [&](HttpMethod method, const std::string& target, const Bytes& body,
                           unsigned status) {
    return problem(registry.send(method, target, body, operator_token), status)["code"]
        .get<std::string>();
  };
  CHECK(refused(HttpMethod::post, parties, "{}", 400) == "validation-failed");
  CHECK(refused(HttpMethod::post, parties, R"({"name": "A B"})", 400) == "party-name-malformed");
  CHECK(refused(HttpMethod::post, parties, R"({"name": "party"})", 409) == "party-exists");
  CHECK(refused(HttpMethod::get, parties + "/none", "", 404) == "party-not-found");
  CHECK(refused(HttpMethod::post, parties + "/none/tokens", R"({"label": "x"})", 404) ==
        "party-not-found");
  CHECK(refused(HttpMethod::put, parties, "", 405) == "method-not-allowed");
}

TEST_CASE("api: a Party that is removed has its subscriptions ended, and they are named") {
  TestApi registry;
  const auto as_operator = [&](HttpMethod method, const std::string& target, const Bytes& body) {
    return registry.send(method, target, body, operator_token);
  };
  const HttpResponse subscribed = registry.send(
      HttpMethod::post, "/v1/subscriptions", R"({"url": "https://party.example/"})", party_token);
  REQUIRE(subscribed.status == 201);
  const auto id = Json::parse(*subscribed.body)["id"].get<std::string>();
  CHECK(registry.send(HttpMethod::delete_, parties + "/party", {}, party_token).status == 401);
  const HttpResponse removed = as_operator(HttpMethod::delete_, parties + "/party", {});
  REQUIRE(removed.status == 200);
  const Json party = Json::parse(*removed.body);
  CHECK(party.contains("removed"));
  CHECK(party["subscriptions_ended"] == Json::array({id}));
  CHECK(registry.send(HttpMethod::get, "/v1/subscriptions", {}, party_token).status == 401);
  const auto row = registry.notifier->find("party", id);
  REQUIRE(row);
  CHECK(row->state == SubscriptionState::retired);
  CHECK_THAT(row->last_failure, Catch::Contains("the operator removed the Party"));
  CHECK(as_operator(HttpMethod::delete_, parties + "/nobody", {}).status == 404);
}

TEST_CASE("api: the directory takes a Party without a token, and says who it is") {
  TestApi registry;
  const auto as_operator = [&](HttpMethod method, const std::string& target, const Bytes& body) {
    return registry.send(method, target, body, operator_token);
  };
  const HttpResponse made = as_operator(
      HttpMethod::post, parties,
      R"({"name": "north", "token": false, "details": {"legal_name": "North Energy Ltd"}})");
  REQUIRE(made.status == 201);
  CHECK(Json::parse(*made.body)["details"]["legal_name"] == "North Energy Ltd");
  CHECK(Json::parse(*made.body)["tokens"].empty());
  const HttpResponse described =
      as_operator(HttpMethod::post, parties + "/north/details",
                  R"({"legal_name": "North Energy plc", "categories": ["large-supplier"]})");
  REQUIRE(described.status == 200);
  CHECK(Json::parse(*described.body)["details"] ==
        Json({{"legal_name", "North Energy plc"}, {"categories", {"large-supplier"}}}));
  CHECK(problem(as_operator(HttpMethod::post, parties + "/north/details",
                            R"({"categories": ["shipper"]})"),
                400)["code"] == "validation-failed");
}

TEST_CASE("api: the operator sees by Party whether an entry's event arrived, and nothing else") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::string path = "/v1/operator/entries/8/deliveries";
  CHECK(registry.send(HttpMethod::get, path, {}, party_token).status == 401);
  REQUIRE(registry
              .send(HttpMethod::post, "/v1/subscriptions",
                    R"({"url": "https://party.example/", "from": 0})", party_token)
              .status == 201);
  const auto table = [&](const std::string& target) {
    const HttpResponse answer = registry.send(HttpMethod::get, target, {}, operator_token);
    REQUIRE(answer.status == 200);
    CHECK(answer.body->find("party.example") == std::string::npos);
    return Json::parse(*answer.body);
  };
  const auto state_of = [](const Json& told, const std::string& party) {
    for (const Json& row : told["deliveries"]) {
      if (row["party"] == party) return row["state"].get<std::string>();
    }
    return std::string("no row");
  };
  CHECK(state_of(table(path), "party") == "untold");
  for (int pass = 0; pass < 20; ++pass) registry.notifier->run_once();
  const Json told = table(path);
  CHECK(told["entry"] == 8);
  CHECK(state_of(told, "party") == "delivered");
  CHECK(state_of(told, "other") == "no-subscription");
  CHECK(told["counts"]["delivered"] == 1);
  CHECK(table("/v1/operator/entries/4/deliveries")["deliveries"].empty());
  CHECK(registry.send(HttpMethod::get, "/v1/operator/entries/99/deliveries", {}, operator_token)
            .status == 404);
}

}  // namespace cpl::testing::parties_test
