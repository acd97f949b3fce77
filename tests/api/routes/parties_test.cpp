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

}  // namespace cpl::testing::parties_test
