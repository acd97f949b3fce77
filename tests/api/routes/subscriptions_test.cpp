#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::subscriptions_test {

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
  CHECK(Json::parse(*send(HttpMethod::get, path, party_token).body)["state"] == "retired");
  CHECK(Json::parse(*send(HttpMethod::get, "/v1/subscriptions", party_token).body)["subscriptions"]
            .empty());
}

TEST_CASE("api: scheme and host of a receiver's URL have no case, and are kept in lower case") {
  TestApi registry;
  const HttpResponse made = registry.send(HttpMethod::post, "/v1/subscriptions",
                                          R"({"url": "HTTPS://Party.Example/Hooks"})", party_token);
  CHECK(Json::parse(*made.body)["url"] == "https://party.example/Hooks");
}

TEST_CASE("api: the scheme of credentials has no case, and two credentials are none") {
  TestApi registry;
  const std::string token(party_token);
  const auto status = [&](const std::vector<std::string>& credentials) {
    std::vector<std::pair<std::string, std::string>> headers;
    for (const std::string& value : credentials) headers.emplace_back("Authorization", value);
    return registry.send_with(HttpMethod::get, "/v1/subscriptions", headers).status;
  };
  for (const char* scheme : {"Bearer ", "bearer ", "BEARER   "}) {
    CHECK(status({scheme + token}) == 200);
  }
  for (const char* scheme : {"", "Basic ", "Bearer", "Bearer=", "Bearers "}) {
    CHECK(status({scheme + token}) == 401);
  }
  CHECK(status({"Bearer " + token, "Bearer " + token}) == 401);
}

TEST_CASE("api: an invalid subscription is refused with each member that is wrong, and why") {
  TestApi registry;
  const auto refused = [&](const std::string& body) {
    return problem(registry.send(HttpMethod::post, "/v1/subscriptions", body, party_token),
                   400)["detail"]
        .get<std::string>();
  };
  CHECK(refused("{}").find("url: is missing") != std::string::npos);
  CHECK(refused(R"({"url":"https://a.example","filter":{"types":["x"]}})").find("filter, types") !=
        std::string::npos);
  CHECK(refused(R"({"url":"https://a.example","filter":{"classifications":["SECRET"]}})")
            .find("filter, classifications") != std::string::npos);
  CHECK(refused(R"({"url":"https://a.example","colour":1})").find("colour: is not a known") !=
        std::string::npos);
  CHECK(refused(R"({"url":"https://a.example","from":99})").find("from: ") != std::string::npos);
  CHECK(refused("[").find("not valid JSON") != std::string::npos);
}

TEST_CASE("api: a refusal of several faults names each by itself, beside the sentence") {
  TestApi registry;
  const HttpResponse response =
      registry.send(HttpMethod::post, "/v1/subscriptions",
                    R"({"colour": 1, "filter": {"types": ["x"]}, "from": 99})", party_token);
  const Json told = problem(response, 400);
  CHECK(told["title"] == "Invalid request");
  std::map<std::string, std::string> codes;
  for (const Json& error : told["errors"]) {
    const auto detail = error["detail"].get<std::string>();
    CHECK_THAT(told["detail"].get<std::string>(), Catch::Contains(detail));
    codes[error["pointer"].get<std::string>()] = error["code"].get<std::string>();
  }
  CHECK(codes == std::map<std::string, std::string>{{"#/colour", "member-unknown"},
                                                    {"#/filter/types", "value-invalid"},
                                                    {"#/from", "value-invalid"},
                                                    {"#/url", "member-missing"}});
  CHECK_FALSE(problem(registry.get("/v1/models?limit=0"), 400).contains("errors"));
}

TEST_CASE("api: of a body with a great many faults the first are named") {
  TestApi registry;
  Json body = {{"url", "https://party.example/hooks"}};
  for (int i = 0; i < 200; ++i) body["strange" + std::to_string(i)] = 1;
  const HttpResponse response =
      registry.send(HttpMethod::post, "/v1/subscriptions", body.dump(), party_token);
  CHECK(problem(response, 400)["errors"].size() == 64);
}

namespace {

// One subscription of a Party, and what is done with it.
class Subscribed {
 public:
  Subscribed() {
    registry.log.append(story_notes());
    const HttpResponse response =
        registry.send(HttpMethod::post, "/v1/subscriptions",
                      R"({"url": "https://party.example/hooks", "from": 0})", party_token);
    REQUIRE(response.status == 201);
    made = Json::parse(*response.body);
    path = "/v1/subscriptions/" + made["id"].get<std::string>();
  }
  HttpResponse send(HttpMethod method, const std::string& what, const Bytes& body = {}) {
    return registry.send(method, path + what, body, party_token);
  }
  Json json(HttpMethod method, const std::string& what, const Bytes& body = {}) {
    const HttpResponse response = send(method, what, body);
    INFO(what << ": " << *response.body);
    REQUIRE(response.status < 300);
    return Json::parse(*response.body);
  }
  std::string code(HttpMethod method, const std::string& what, const Bytes& body, unsigned status) {
    return problem(send(method, what, body), status)["code"].get<std::string>();
  }
  // Until all is sent that is due.
  void run() {
    for (int pass = 0; pass < 20; ++pass) registry.notifier->run_once();
  }

  TestApi registry;
  Json made;
  std::string path;
};

}  // namespace

TEST_CASE("api: a subscription is verified, told, paused, resumed and replayed") {
  Subscribed party;
  CHECK(party.made["state"] == "pending");
  CHECK(party.code(HttpMethod::post, "/test", "", 409) == "subscription-state");
  CHECK(party.json(HttpMethod::post, "/verify")["state"] == "pending");
  party.run();
  const Json active = party.json(HttpMethod::get, "");
  CHECK(active["state"] == "active");
  CHECK(active.contains("verified"));
  CHECK(active["delivered"] == "00000000000000000008");
  CHECK(party.json(HttpMethod::post, "/pause")["state"] == "paused");
  CHECK(party.json(HttpMethod::post, "/resume", "{}")["state"] == "active");
  CHECK(party.json(HttpMethod::post, "/replay", R"({"from": 5})")["cursor"] == 5);
  CHECK(party.code(HttpMethod::post, "/replay", R"({"from": 6})", 409) == "cursor-ahead");
  CHECK(party.code(HttpMethod::post, "/replay", "{}", 400) == "validation-failed");
  CHECK(party.code(HttpMethod::post, "/explode", "", 404) == "not-found");
  CHECK(party.code(HttpMethod::post, "/pause", R"({"why": 1})", 400) == "validation-failed");
}

TEST_CASE("api: a rotation shows the new secret, this once") {
  Subscribed party;
  const Json rotated = party.json(HttpMethod::post, "/rotate", R"({"grace_seconds": 3600})");
  CHECK(rotated["secret"].get<std::string>().starts_with("whsec_"));
  CHECK(rotated["secret"] != party.made["secret"]);
  CHECK(rotated["old_keys"][0]["key_generation"] == 0);
  CHECK_FALSE(party.json(HttpMethod::get, "").contains("secret"));
  CHECK(party.code(HttpMethod::post, "/rotate", R"({"grace_seconds": 604801})", 400) ==
        "validation-failed");
}

TEST_CASE("api: URL and filter are changed, and a preview tells what a filter lets through") {
  Subscribed party;
  party.run();
  const Json filtered =
      party.json(HttpMethod::patch, "", R"({"filter": {"types": ["entry.removed.v1"]}})");
  CHECK(filtered["state"] == "active");
  CHECK(filtered["filter"]["types"][0] == "entry.removed.v1");
  CHECK(party.json(HttpMethod::patch, "", R"({"url": "https://b.example/"})")["state"] ==
        "pending");
  CHECK(party.code(HttpMethod::patch, "", R"({"from": 3})", 400) == "validation-failed");
  const auto preview = [&](const Bytes& body) {
    const HttpResponse response =
        party.registry.send(HttpMethod::post, "/v1/subscriptions/preview", body, party_token);
    REQUIRE(response.status == 200);
    return Json::parse(*response.body);
  };
  CHECK(preview("{}")["count"] == 5);
  const Json asking = {{"filter", {{"classifications", {"GREEN", "RED"}}}}};
  CHECK(preview(asking.dump())["count"] == 5);  // Advisories are not counted.
  CHECK(party.json(HttpMethod::patch, "", asking.dump())["filter"] == asking["filter"]);
  const Json removed = preview(R"({"filter": {"types": ["entry.removed.v1"]}, "days": 1})");
  CHECK(removed["count"] == 1);
  CHECK(removed["newest"][0]["type"] == "example.cpl.entry.removed.v1");
}

TEST_CASE("api: the delivery log is its owner's, in pages, and has each attempt") {
  Subscribed party;
  party.run();
  const Json event = party.json(HttpMethod::post, "/test");
  party.run();
  const Json first = party.json(HttpMethod::get, "/deliveries?limit=3");
  REQUIRE(first["deliveries"].size() == 3);
  CHECK(first["deliveries"][0]["event"] == event["event"]);
  CHECK(first["deliveries"][0]["what"] == "test");
  CHECK(first["deliveries"][1]["sequence"] == "00000000000000000008");
  CHECK(first["deliveries"][1]["outcome"] == "delivered");
  const Json rest =
      party.json(HttpMethod::get, "/deliveries?limit=200&before=" + first["before"].dump());
  CHECK(rest["deliveries"].size() == 2 + 5 + 1 - 3);
  CHECK_FALSE(rest.contains("before"));
  CHECK(party.code(HttpMethod::get, "/deliveries?limit=201", "", 400) == "parameter-malformed");
  CHECK(party.code(HttpMethod::get, "/deliveries?before=x", "", 400) == "parameter-malformed");
  const HttpResponse other =
      party.registry.send(HttpMethod::get, party.path + "/deliveries", {}, other_token);
  const HttpResponse never = party.registry.send(
      HttpMethod::get, "/v1/subscriptions/sub_none/deliveries", {}, other_token);
  CHECK(other.status == 404);
  CHECK(*other.body == *never.body);
}

TEST_CASE("api: attempts are found by what came of them and when, and each by its number") {
  Subscribed party;
  party.run();
  party.registry.transport.status = 500;
  party.registry.log.clock.advance(60'000);
  const std::string since = format_time(party.registry.log.clock.now());
  party.json(HttpMethod::post, "/test");
  party.run();
  const auto numbers = [&](const std::string& query) {
    const Json answer = party.json(HttpMethod::get, "/deliveries" + query);
    std::vector<std::uint64_t> found;
    for (const Json& one : answer["deliveries"]) {
      found.push_back(one["number"].get<std::uint64_t>());
    }
    return found;
  };
  using Found = std::vector<std::uint64_t>;
  CHECK(numbers("?outcome=failed") == Found{7});
  CHECK(numbers("?since=" + since) == Found{7});
  CHECK(numbers("?outcome=delivered&since=" + since).empty());
  CHECK(numbers("?outcome=delivered&limit=2") == Found{6, 5});
  CHECK(party.json(HttpMethod::get, "/deliveries?outcome=delivered&limit=2")["before"] == 5);
  CHECK(numbers("?outcome=delivered&limit=2&before=5") == Found{4, 3});
  for (const char* query : {"?outcome=lost", "?since=yesterday", "?since=2026-02-31T00:00:00Z"}) {
    CHECK(party.code(HttpMethod::get, std::string("/deliveries") + query, "", 400) ==
          "parameter-malformed");
  }
  const Json one = party.json(HttpMethod::get, "/deliveries/7");
  CHECK(one["outcome"] == "failed");
  CHECK(one["status"] == 500);
  for (const char* number : {"8", "x", "-1", "99999999999999999999"}) {
    CHECK(party.code(HttpMethod::get, std::string("/deliveries/") + number, "", 404) ==
          "delivery-not-found");
  }
  const HttpResponse other =
      party.registry.send(HttpMethod::get, party.path + "/deliveries/7", {}, other_token);
  const HttpResponse never = party.registry.send(
      HttpMethod::get, "/v1/subscriptions/sub_none/deliveries/7", {}, other_token);
  CHECK(other.status == 404);
  CHECK(*other.body == *never.body);
}

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

// What one Party does to its subscription, with conditions of its own.
class Conditional : public Subscribed {
 public:
  HttpResponse write(HttpMethod method, Headers conditions, const Bytes& body = {}) {
    conditions.emplace_back("Authorization", "Bearer " + std::string(party_token));
    return registry.send_with(method, path, conditions, body);
  }
  HttpResponse patch(const std::string& tag, const std::string& url = "https://b.example/") {
    return write(HttpMethod::patch, {{"If-Match", tag}}, Json{{"url", url}}.dump());
  }
  std::string tag() { return header(send(HttpMethod::get, ""), "ETag"); }
};

}  // namespace

TEST_CASE("api: a subscription is changed and ended only by who has seen it as it is") {
  Conditional party;
  const std::string seen = party.tag();
  CHECK(seen.starts_with("\"0-"));
  CHECK(seen.size() == 2 + 2 + 16);
  const Bytes body = R"({"url": "https://b.example/"})";
  for (const HttpMethod method : {HttpMethod::patch, HttpMethod::delete_}) {
    CHECK(problem(party.write(method, {}, body), 428)["code"] == "precondition-required");
    const HttpResponse failed = party.write(method, {{"If-Match", "\"0-0123456789abcdef\""}}, body);
    CHECK(problem(failed, 412)["code"] == "precondition-failed");
    CHECK(party.write(method, {{"If-Match", "W/" + seen}}, body).status == 412);
    CHECK(party.write(method, {{"If-Match", ""}}, body).status == 412);
    CHECK(party.write(method, {{"If-Match", seen}, {"If-None-Match", "W/" + seen}}, body).status ==
          412);
  }
  CHECK(party.tag() == seen);
  const HttpResponse changed = party.patch("\"x\", " + seen);
  REQUIRE(changed.status == 200);
  CHECK(header(changed, "ETag") == party.tag());
  // Two who saw the same: the second does not undo what the first did.
  CHECK(problem(party.patch(seen, "https://c.example/"), 412)["code"] == "precondition-failed");
  CHECK(party.json(HttpMethod::get, "")["url"] == "https://b.example/");
  CHECK(party.write(HttpMethod::delete_, {{"If-Match", seen}}).status == 412);
  CHECK(party.patch("*", "https://c.example/").status == 200);
  CHECK(party.write(HttpMethod::delete_, {{"If-Match", party.tag()}}).status == 204);
  // What is retired takes no change, whatever its tag.
  CHECK(problem(party.patch(party.tag()), 409)["code"] == "subscription-state");
}

TEST_CASE("api: a subscription's tag follows what its owner decides, and no delivery") {
  Conditional party;
  std::set<std::string> tags = {party.tag()};
  party.run();
  CHECK(party.json(HttpMethod::get, "")["deliveries"] == 5);
  CHECK(tags.contains(party.tag()));
  const std::string before = party.tag();
  party.registry.log.append({addition_note(9)});
  party.run();
  CHECK(party.json(HttpMethod::get, "")["deliveries"] == 6);
  CHECK(party.patch(before).status == 200);
  const auto is_new = [&] { return tags.insert(party.tag()).second; };
  CHECK(is_new());
  REQUIRE(party.json(HttpMethod::patch, "", R"({"filter": {"types": ["entry.removed.v1"]}})")
              .is_object());
  CHECK(is_new());
  REQUIRE(party.send(HttpMethod::post, "/rotate").status == 200);
  CHECK(is_new());
  REQUIRE(party.send(HttpMethod::post, "/pause").status == 200);
  CHECK(is_new());
  REQUIRE(party.send(HttpMethod::delete_, "").status == 204);
  CHECK(is_new());
}

TEST_CASE("api: what one Party is answered is for it alone, and never kept") {
  Conditional party;
  for (const std::string& target :
       {std::string("/v1/subscriptions"), party.path, party.path + "/deliveries",
        std::string("/v1/operator/parties")}) {
    CAPTURE(target);
    for (const std::string_view token :
         {party_token, operator_token, std::string_view("guessed")}) {
      const HttpResponse answer = party.registry.send(HttpMethod::get, target, {}, token);
      CHECK(header(answer, "Cache-Control") == "private, no-store");
    }
  }
  // It is not answered with 304: the tag says nothing of cursor and deliveries.
  const HttpResponse seen = party.registry.send_with(
      HttpMethod::get, party.path,
      {{"Authorization", "Bearer " + std::string(party_token)}, {"If-None-Match", party.tag()}});
  CHECK(seen.status == 200);
}

}  // namespace cpl::testing::subscriptions_test
