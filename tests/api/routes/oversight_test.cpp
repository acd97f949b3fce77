// What the operator sees of everybody's deliveries.
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::oversight_test {
namespace {

const std::string overseen = "/v1/operator/subscriptions";

Json asked(TestApi& registry, const std::string& target) {
  const HttpResponse response = registry.send(HttpMethod::get, target, {}, operator_token);
  INFO(target << ": " << *response.body);
  REQUIRE(response.status == 200);
  return Json::parse(*response.body);
}

std::string subscribe(TestApi& registry, const std::string& body, std::string_view token) {
  const HttpResponse made = registry.send(HttpMethod::post, "/v1/subscriptions", body, token);
  INFO(*made.body);
  REQUIRE(made.status == 201);
  return Json::parse(*made.body)["id"].get<std::string>();
}

void deliver(TestApi& registry) {
  for (int pass = 0; pass < 20; ++pass) registry.notifier->run_once();
}

}  // namespace

TEST_CASE("api: everybody's subscriptions are the operator's to see, without secrets or paths") {
  TestApi registry;
  const std::string id =
      subscribe(registry, R"({"url": "https://party.example/hooks?key=hidden"})", party_token);
  subscribe(registry, R"({"url": "https://other.example/hooks"})", other_token);
  CHECK(registry.send(HttpMethod::get, overseen, {}, party_token).status == 401);
  const Json all = asked(registry, overseen)["subscriptions"];
  REQUIRE(all.size() == 2);
  CHECK(asked(registry, overseen + "?owner=party")["subscriptions"].size() == 1);
  CHECK(asked(registry, overseen + "?state=quarantined")["subscriptions"].empty());
  const Json one = asked(registry, overseen + "/" + id + "/deliveries")["subscription"];
  CHECK(one["owner"] == "party");
  CHECK(one["receiver"] == "https://party.example");
  CHECK(all.dump().find("hidden") == std::string::npos);
  CHECK(all.dump().find("whsec_") == std::string::npos);
  CHECK(registry.send(HttpMethod::get, overseen + "?state=retired", {}, operator_token).status ==
        400);
}

TEST_CASE(
    "api: the operator sends again for whosever subscription, and tries what is in quarantine") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::string id =
      subscribe(registry, R"({"url": "https://party.example/hooks", "from": 0})", party_token);
  deliver(registry);
  const std::string path = overseen + "/" + id;
  CHECK(registry.send(HttpMethod::post, path + "/retry", {}, operator_token).status == 200);
  REQUIRE(registry.send(HttpMethod::post, "/v1/subscriptions/" + id + "/pause", {}, party_token)
              .status == 200);
  CHECK(problem(registry.send(HttpMethod::post, path + "/retry", {}, operator_token),
                409)["code"] == "not-quarantined");
  const HttpResponse moved =
      registry.send(HttpMethod::post, path + "/replay", R"({"from": 1})", operator_token);
  REQUIRE(moved.status == 200);
  CHECK(Json::parse(*moved.body)["cursor"] == 1);
  CHECK(registry.send(HttpMethod::post, path + "/replay", R"({"from": 1})", party_token).status ==
        401);
  CHECK(registry.send(HttpMethod::post, overseen + "/sub_none/retry", {}, operator_token).status ==
        404);
}

}  // namespace cpl::testing::oversight_test
