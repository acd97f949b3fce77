#include "tests/api_fixture.hpp"

using namespace cpl;
using namespace cpl::testing;

TEST_CASE("api: subscriptions need a token and are nobody else's business") {
  TestApi registry;
  const std::string body = R"({"url": "https://party.example/hooks"})";
  const auto send = [&](HttpMethod method, const std::string& target, std::string_view token) {
    return registry.send(method, target, method == HttpMethod::post ? body : "", token);
  };
  CHECK(problem(send(HttpMethod::post, "/v1/subscriptions", ""), 401)["code"] ==
        "credentials-missing");
  CHECK(send(HttpMethod::post, "/v1/subscriptions", "guessed").status == 401);
  const HttpResponse made = send(HttpMethod::post, "/v1/subscriptions", party_token);
  REQUIRE(made.status == 201);
  const Json subscription = Json::parse(*made.body);
  CHECK(subscription["secret"].get<std::string>().starts_with("whsec_"));
  CHECK(subscription["public_key"].get<std::string>().starts_with("whpk_"));
  const std::string path = "/v1/subscriptions/" + subscription["id"].get<std::string>();
  CHECK(send(HttpMethod::get, path, party_token).status == 200);
  CHECK(send(HttpMethod::get, path, party_token).body->find("whsec_") == std::string::npos);
  // To another Party it looks like one that never was.
  const HttpResponse other = send(HttpMethod::get, path, other_token);
  const HttpResponse never = send(HttpMethod::get, "/v1/subscriptions/sub_none", other_token);
  CHECK(other.status == 404);
  CHECK(*other.body == *never.body);
  CHECK(send(HttpMethod::delete_, path, other_token).status == 404);
  CHECK(Json::parse(*send(HttpMethod::get, "/v1/subscriptions", other_token).body)["subscriptions"]
            .empty());
  CHECK(send(HttpMethod::delete_, path, party_token).status == 204);
  CHECK(send(HttpMethod::get, path, party_token).status == 404);
}

TEST_CASE("api: a subscription that is not as it must be says which member and why") {
  TestApi registry;
  const auto refused = [&](const std::string& body) {
    return problem(registry.send(HttpMethod::post, "/v1/subscriptions", body, party_token),
                   400)["detail"]
        .get<std::string>();
  };
  CHECK(refused("{}").find("#/url") != std::string::npos);
  CHECK(refused(R"({"url":"https://a.example","filter":{"types":["x"]}})").find("#/filter/types") !=
        std::string::npos);
  CHECK(refused(R"({"url":"https://a.example","colour":1})").find("#/colour") != std::string::npos);
  CHECK(refused(R"({"url":"https://a.example","from":99})").find("#/from") != std::string::npos);
  CHECK(refused("[").find("not valid JSON") != std::string::npos);
}
