// Requests that make something and are sent twice: one effect and one answer.
#include <barrier>
#include <thread>

#include "tests/api/routes/idempotency_fixture.hpp"

namespace cpl::testing::idempotency_test {

TEST_CASE("idempotency: a request that is sent again makes nothing, and is answered alike") {
  Service service;
  const HttpResponse first = service.post(subscriptions, wish, "\"one\"");
  REQUIRE(first.status == 201);
  CHECK(header(first, "Location").starts_with("/v1/subscriptions/sub_"));
  check_replayed(service.post(subscriptions, wish, "\"one\""), first);
  check_replayed(service.post(subscriptions, wish, "one"), first);
  check_replayed(service.post(subscriptions, wish, " \"one\" "), first);
  CHECK(service.owned() == 1);
  const HttpResponse second = service.post(subscriptions, wish, "\"two\"");
  CHECK_FALSE(is_replayed(second));
  CHECK(*second.body != *first.body);
  CHECK(service.owned() == 2);
}

TEST_CASE(
    "idempotency: rotations, replays, tests, Parties, their tokens and reports happen once for a "
    "key") {
  Service service;
  const HttpResponse made = service.post(subscriptions, wish, "made");
  const std::string path = header(made, "Location");
  for (int pass = 0; pass < 20; ++pass) service.notifier->run_once();
  int keys = 0;
  const auto twice = [&](const std::string& target, const Bytes& body, std::string_view token) {
    const std::string key = std::to_string(++keys);
    const HttpResponse first = service.post(target, body, key, token);
    INFO(target << ": " << *first.body);
    CHECK(first.status < 300);
    check_replayed(service.post(target, body, key, token), first);
    return Json::parse(*first.body);
  };
  CHECK(twice(path + "/rotate", R"({"grace_seconds": 60})", party_token)["key_generation"] == 1);
  CHECK(twice(path + "/replay", R"({"from": 2})", party_token)["cursor"] == 2);
  twice(path + "/test", "", party_token);
  CHECK(service.notifier->of_owner("party").at(0).key_generation == 1);
  twice(parties, R"({"name": "example"})", operator_token);
  twice(parties + "/example/tokens", R"({"label": "more"})", operator_token);
  twice(parties + "/example/tokens", R"({"label": "x", "certificate": "CN=x"})", operator_token);
  CHECK(twice(reports, report_body, party_token)["number"] == 1);
  const Json answered =
      twice("/v1/operator/reports/1/answers", R"({"outcome": "no_action", "text": "It is right."})",
            operator_token);
  CHECK(answered["answers"].size() == 1);
  CHECK(twice(reports, report_body, party_token)["number"] == 2);
}

TEST_CASE("idempotency: a key must be there, once, and be a String") {
  Service service;
  const auto code = [&](const Headers& headers) {
    return problem(service.send(subscriptions, wish, party_token, headers), 400)["code"]
        .get<std::string>();
  };
  CHECK(code({}) == "idempotency-key-missing");
  const std::string name = "Idempotency-Key";
  CHECK(code({{name, "a"}, {name, "a"}}) == "idempotency-key-malformed");
  for (const char* value :
       {"", "\"\"", "\"", "\"a", "a\"", "\"a\"b\"", "\"a\";b=1", "\"a\", \"b\"", "a,b", "a;b",
        "a b", "\"a\\b\"", "\"a\\\"", "\"caf\xC3\xA9\"", "caf\xC3\xA9", "\"a\tb\""}) {
    CAPTURE(value);
    CHECK(code({{name, value}}) == "idempotency-key-malformed");
  }
  CHECK(code({{name, std::string(256, 'a')}}) == "idempotency-key-malformed");
  CHECK(code({{name, "\"" + std::string(256, 'a') + "\""}}) == "idempotency-key-malformed");
  CHECK(service.owned() == 0);
  // As long as may be after it is read: escapes do not count.
  const HttpResponse longest =
      service.post(subscriptions, wish, "\"" + std::string(253, 'a') + "\\\\\\\"\"");
  CHECK(longest.status == 201);
  // Credentials come first: who may not ask is told nothing else.
  CHECK(service.send(subscriptions, wish, "guessed", {}).status == 401);
}

TEST_CASE("idempotency: a key is for one payload, one path and one client") {
  Service service;
  const HttpResponse first = service.post(subscriptions, wish, "key");
  REQUIRE(first.status == 201);
  const Bytes other_wish = R"({"url": "https://other.example/hooks"})";
  CHECK(service.code(subscriptions, other_wish, "key", 422) == "idempotency-key-reused");
  CHECK(service.owned() == 1);
  const HttpResponse others = service.post(subscriptions, other_wish, "key", other_token);
  CHECK(others.status == 201);
  CHECK_FALSE(is_replayed(others));
  const HttpResponse rotated = service.post(header(first, "Location") + "/rotate", wish, "key");
  CHECK(problem(rotated, 400)["code"] == "validation-failed");  // It was looked at as its own.
}

TEST_CASE("idempotency: while the first is under way a second is told to wait") {
  Service service;
  const RequestName name{"party:party", "POST", {"v1", "subscriptions"}, "key"};
  {
    const auto turn = service.answers->begin(name, sha256(wish));
    REQUIRE(turn);
    CHECK_FALSE(turn->given());
    CHECK(service.code(subscriptions, wish, "\"key\"", 409) == "request-in-progress");
    CHECK(service.post(subscriptions, wish, "other").status == 201);
    CHECK(service.post(subscriptions, wish, "key", other_token).status == 201);
  }
  CHECK(service.post(subscriptions, wish, "key").status == 201);
  CHECK(service.owned() == 2);
}

TEST_CASE("idempotency: of many at once under one name one makes it, and nobody makes it after") {
  MemoryStore store;
  const TestClock clock;
  const auto book = AnswerBook::open(store, clock, "master key", {});
  REQUIRE(book);
  std::atomic<int> made = 0;
  std::atomic<int> given = 0;
  std::atomic<int> waited = 0;
  std::atomic<int> failed = 0;
  constexpr int threads_count = 4;
  constexpr int rounds = 50;
  std::barrier together(threads_count);
  std::vector<std::thread> threads;
  for (int i = 0; i < threads_count; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        together.arrive_and_wait();
        auto turn = (*book)->begin({"principal", "POST", {"x"}, std::to_string(round)}, Hash{});
        if (!turn) {
          ++(turn.error().code == "request-in-progress" ? waited : failed);
        } else if (turn->given()) {
          ++(*turn->given() == "answer" ? given : failed);
        } else {
          WriteBatch batch;
          turn->remember("answer", batch);
          if (store.commit(batch, Durability::synced)) turn->done();
          ++made;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(made == rounds);
  CHECK(failed == 0);
  CHECK(made + given + waited == rounds * threads_count);
}

TEST_CASE("idempotency: what was refused leaves no trace, and may be asked for again") {
  Service service;
  CHECK(service.code(subscriptions, "{}", "key", 400) == "validation-failed");
  CHECK(service.code(parties + "/none/tokens", R"({"label": "x"})", "key", 404, operator_token) ==
        "party-not-found");
  CHECK(service.rows().empty());
  CHECK(service.post(subscriptions, wish, "key").status == 201);
  CHECK(service.rows().size() == 1);
}

TEST_CASE("idempotency: each client has room for so many, and is told when there is room again") {
  AnswerBook::Limits limits;
  limits.answers_per_principal = 2;
  Service service(limits);
  REQUIRE(service.post(subscriptions, wish, "1").status == 201);
  service.log.clock.advance(hour_millis);
  REQUIRE(service.post(subscriptions, wish, "2").status == 201);
  const HttpResponse refused = service.post(subscriptions, wish, "3");
  CHECK(problem(refused, 429)["code"] == "rate-limited");
  CHECK(header(refused, "Retry-After") == std::to_string(47 * 3600));
  CHECK(service.owned() == 2);
  CHECK(is_replayed(service.post(subscriptions, wish, "1")));  // That takes no room.
  CHECK(service.post(subscriptions, wish, "3", other_token).status == 201);
  service.start();
  CHECK(service.code(subscriptions, wish, "3", 429) == "rate-limited");
  service.log.clock.advance(47 * hour_millis);
  CHECK(service.post(subscriptions, wish, "3").status == 201);
  CHECK(service.code(subscriptions, wish, "4", 429) == "rate-limited");
}

TEST_CASE("idempotency: all clients together have room for so many, and for so many octets") {
  AnswerBook::Limits limits;
  SECTION("answers") { limits.answers = 1; }
  SECTION("octets") { limits.octets = 100; }
  SECTION("octets of one") { limits.octets_per_principal = 100; }
  Service service(limits);
  REQUIRE(service.post(subscriptions, wish, "1").status == 201);
  CHECK(service.code(subscriptions, wish, "2", 429) == "rate-limited");
  const bool others_too = limits.octets_per_principal > 100;
  CHECK(service.post(subscriptions, wish, "1", other_token).status == (others_too ? 429 : 201));
}

}  // namespace cpl::testing::idempotency_test
