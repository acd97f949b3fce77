// Receivers are asked before anything is sent to them: what counts as consent, and as an echo.
#include "notifier/subscription/verification.hpp"

#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing::verification_test {
namespace {

constexpr UnixMillis now{1'000'000'000'000};
constexpr UnixMillis later{1'000'000'001'000};

Result<Delivered> consent(std::optional<std::string> origin,
                          std::optional<std::string> rate = std::nullopt, unsigned status = 200) {
  Delivered answer;
  answer.status = status;
  answer.allowed_origin = std::move(origin);
  answer.allowed_rate = std::move(rate);
  return answer;
}

Result<Delivered> echo(const Bytes& body, const std::string& type = "application/json",
                       unsigned status = 200) {
  Delivered answer;
  answer.status = status;
  answer.content_type = type;
  answer.body = body;
  return answer;
}

Result<Delivered> no_answer(const std::string& why) {
  return Error{Errc::unavailable, why, "the detail of " + why, 0};
}

}  // namespace

TEST_CASE("verification: consent is our origin or *, and the status alone is none") {
  const auto consents = [](const Result<Delivered>& answer) {
    return consent_of(answer, "cpl.example").has_value();
  };
  CHECK(consents(consent("cpl.example")));
  CHECK(consents(consent("CPL.Example")));
  CHECK(consents(consent("*")));
  CHECK_FALSE(consents(consent(std::nullopt)));
  CHECK_FALSE(consents(consent("")));
  CHECK_FALSE(consents(consent("other.example")));
  CHECK_FALSE(consents(consent("cpl.example.evil.example")));
  CHECK_FALSE(consents(consent("*", std::nullopt, 404)));
  CHECK_FALSE(consents(consent("*", std::nullopt, 302)));
}

TEST_CASE("verification: the allowed rate is a number of requests a minute, or *") {
  CHECK(*consent_of(consent("*"), "cpl.example") == 0);
  CHECK(*consent_of(consent("*", "*"), "cpl.example") == 0);
  CHECK(*consent_of(consent("*", "60"), "cpl.example") == 60);
  CHECK(*consent_of(consent("*", "060"), "cpl.example") == 60);
  CHECK(*consent_of(consent("*", "99999999999999999999"), "cpl.example") == 1'000'000);
  for (const char* rate : {"0", "-1", "", "1.5", "sixty"}) {
    CHECK(consent_of(consent("*", rate), "cpl.example").has_error());
  }
}

TEST_CASE("verification: the challenge comes back as it was, as JSON, and in time") {
  const std::string challenge = new_challenge();
  CHECK(challenge.size() == 43);
  CHECK(challenge != new_challenge());
  const Bytes good = Json{{"challenge", challenge}}.dump();
  const auto holds = [&](const Result<Delivered>& answer, UnixMillis at = now) {
    return check_echo(answer, challenge, later, at).has_value();
  };
  CHECK(holds(echo(good)));
  CHECK(holds(echo(good, "application/json; charset=utf-8")));
  CHECK(holds(echo(good, "Application/JSON;charset=UTF-8")));
  CHECK(holds(echo(good, "APPLICATION/JSON ; charset=utf-8")));
  CHECK_FALSE(holds(echo(good, "application/json-seq")));
  CHECK_FALSE(holds(echo(good, "application/jsonp")));
  CHECK_FALSE(holds(echo(good), later));
  CHECK_FALSE(holds(echo(good, "text/plain")));
  CHECK_FALSE(holds(echo(good, "application/json", 500)));
  CHECK_FALSE(holds(echo("\"" + challenge + "\"")));
  CHECK_FALSE(holds(echo(R"({"challenge": 1})")));
  CHECK_FALSE(holds(echo("{}")));
  CHECK_FALSE(holds(echo("")));
  CHECK_FALSE(holds(echo(Json{{"challenge", new_challenge()}}.dump())));
}

TEST_CASE("verification: why a host was not reached is not told before it is verified (T6)") {
  const auto blocked = consent_of(no_answer("blocked"), "cpl.example");
  const auto refused = consent_of(no_answer("refused"), "cpl.example");
  REQUIRE(blocked.has_error());
  CHECK(blocked.error().detail == refused.error().detail);
  CHECK(check_echo(no_answer("timeout"), "x", later, now).error().detail == blocked.error().detail);
  // What is wrong with a certificate anybody may see, and mail is our own.
  for (const char* const code :
       {"delivery-tls-failed", "mail-server-unreachable", "code-expired"}) {
    CHECK(consent_of(no_answer(code), "cpl.example").error().detail ==
          "the detail of " + std::string(code));
    CHECK(check_echo(no_answer(code), "x", later, now).error().detail ==
          "the detail of " + std::string(code));
  }
}

TEST_CASE("verification: what is paused meanwhile stays so, and goes on when its owner says so") {
  NotifierFixture fixture;
  const std::string url = "https://a.example/";
  const Subscription subscription = fixture.subscribe(url);
  fixture.notifier->run_once();  // Asks for consent;
  fixture.transport.hand_over();
  fixture.notifier->run_once();  // sends the challenge.
  REQUIRE(fixture.notifier->pause("Party", subscription.id));
  fixture.settle();
  CHECK(fixture.row(subscription).state == SubscriptionState::paused);
  CHECK(fixture.row(subscription).verified);
  CHECK(fixture.received(url).empty());
  const auto resumed = fixture.notifier->resume("Party", subscription.id);
  REQUIRE(resumed);
  CHECK(resumed->state == SubscriptionState::active);
}

TEST_CASE("verification: nothing is sent before the receiver consents; then nothing was lost") {
  NotifierFixture fixture;
  const std::string url = "https://a.example/";
  fixture.endpoint(url).consents = false;
  const Subscription subscription = fixture.subscribe(url);
  CHECK(subscription.state == SubscriptionState::pending);
  fixture.settle();
  CHECK(fixture.endpoint(url).messages.empty());
  CHECK(fixture.row(subscription).attempt == 1);
  CHECK(fixture.row(subscription).last_failure.find("did not consent") != std::string::npos);
  CHECK(fixture.notifier->stats().pending == 1);
  // It is asked again by itself, later each time, and by the next process too.
  fixture.log.clock.advance(7'000);
  fixture.settle();
  CHECK(fixture.row(subscription).attempt == 2);
  fixture.open();
  fixture.endpoint(url).consents = true;
  fixture.settle();
  CHECK(fixture.row(subscription).state == SubscriptionState::pending);
  fixture.log.clock.advance(40'000);
  fixture.settle();
  CHECK(fixture.row(subscription).state == SubscriptionState::active);
  CHECK(fixture.row(subscription).verified == fixture.log.clock.now());
  CHECK(fixture.received(url) == story_events);
}

TEST_CASE("verification: the owner can have the receiver asked at once, but not without pause") {
  NotifierFixture fixture;
  const std::string url = "https://a.example/";
  fixture.endpoint(url).consents = false;
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  fixture.log.clock.advance(hour);
  fixture.settle();
  fixture.log.clock.advance(12'000);  // The schedule's next would be half a minute away.
  const auto verify = [&] {
    REQUIRE(fixture.notifier->verify("Party", subscription.id));
    fixture.settle();
    return fixture.row(subscription).attempt;
  };
  CHECK(verify() == 3);
  CHECK(verify() == 3);
  fixture.log.clock.advance(10'000);
  fixture.endpoint(url).consents = true;
  verify();
  CHECK(fixture.row(subscription).state == SubscriptionState::active);
  CHECK(fixture.notifier->verify("Party", subscription.id).error().code == "subscription-state");
}

TEST_CASE("verification: the receiver's rate is kept") {
  NotifierFixture fixture;
  const std::string url = "https://a.example/";
  fixture.endpoint(url).rate = "30";
  fixture.subscribe(url);
  std::uint64_t seconds = 0;
  while (fixture.received(url).size() < story_events.size()) {
    fixture.settle();
    fixture.log.clock.advance(500);
    REQUIRE(++seconds < 1000);
  }
  // The challenge and five events, two seconds apart.
  CHECK(seconds == 2 * 2 * story_events.size() + 1);
}

TEST_CASE("verification: each challenge is signed, used once, and another each time") {
  NotifierFixture fixture;
  const std::string url = "https://a.example/";
  fixture.endpoint(url).echoes = false;
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  fixture.log.clock.advance(hour);
  fixture.settle();
  const auto& challenges = fixture.endpoint(url).challenges;
  REQUIRE(challenges.size() == 2);
  const WebhookKeys keys = fixture.notifier->keys_of(subscription);
  const auto verifier = WebhookVerifier::parse(keys.secret_text(), keys.public_key_text());
  REQUIRE(verifier);
  for (const OutgoingMessage& message : challenges) {
    const std::string timestamp = header(message, "webhook-timestamp");
    CHECK(verifier->verify(header(message, "webhook-id"), timestamp,
                           header(message, "webhook-signature"), message.body,
                           *from_decimal(timestamp)));
    const Json event = Json::parse(message.body);
    CHECK(event["type"] == "example.cpl.test.v1");
    CHECK_FALSE(event.contains("sequence"));
  }
  CHECK(Json::parse(challenges[0].body)["data"]["challenge"] !=
        Json::parse(challenges[1].body)["data"]["challenge"]);
  CHECK(fixture.endpoint(url).messages.empty());
}

namespace {

constexpr std::uint64_t day = 24 * hour;

// Outcomes of what the delivery log has of one kind, the newest first.
std::vector<bool> outcomes_of(const NotifierFixture& fixture, const Subscription& subscription,
                              const std::string& what) {
  const auto attempts =
      fixture.notifier->attempts(subscription.owner, subscription.id, std::nullopt, 200);
  REQUIRE(attempts);
  std::vector<bool> outcomes;
  for (const DeliveryAttempt& attempt : *attempts) {
    if (attempt.what == what) outcomes.push_back(attempt.succeeded);
  }
  return outcomes;
}

}  // namespace

TEST_CASE("verification: consent is renewed before its 90 days are over, beside the deliveries") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe("https://a.example/");
  fixture.settle();
  fixture.log.clock.advance(74 * day);
  fixture.settle();
  CHECK(outcomes_of(fixture, subscription, "renewal").empty());
  fixture.endpoint("https://a.example/").rate = "60";
  fixture.log.clock.advance(2 * day);
  fixture.log.append({addition_note(4)});
  fixture.settle();
  CHECK(outcomes_of(fixture, subscription, "renewal") == std::vector<bool>{true});
  const Subscription renewed = fixture.row(subscription);
  CHECK(renewed.state == SubscriptionState::active);
  CHECK(renewed.verified == fixture.log.clock.now());
  CHECK(renewed.rate_max == 60);
  fixture.log.clock.advance(day);
  fixture.settle();
  CHECK(fixture.received("https://a.example/").back() == 10);
  CHECK(outcomes_of(fixture, subscription, "renewal").size() == 1);
}

TEST_CASE("verification: a mailbox, which one click ends, is not asked again") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe("mailto:team@a.example");
  fixture.settle();
  fixture.log.clock.advance(100 * day);
  fixture.log.append({addition_note(4)});
  fixture.settle();
  CHECK(outcomes_of(fixture, subscription, "renewal").empty());
  CHECK(fixture.received("mailto:team@a.example").back() == 10);
}

TEST_CASE("verification: who does not renew it is asked daily, then sent nothing until verified") {
  NotifierFixture fixture;
  const std::string url = "https://a.example/";
  const Subscription subscription = fixture.subscribe(url);
  const Subscription sister = fixture.subscribe("https://b.example/");
  fixture.settle();
  fixture.endpoint(url).consents = false;
  fixture.log.clock.advance(75 * day);
  fixture.settle();
  fixture.settle();
  CHECK(outcomes_of(fixture, subscription, "renewal") == std::vector<bool>{false});
  fixture.log.clock.advance(day);
  fixture.log.append({addition_note(4)});
  fixture.settle();
  CHECK(outcomes_of(fixture, subscription, "renewal") == std::vector<bool>{false, false});
  CHECK(fixture.received(url).back() == 10);  // Deliveries go on while it holds.
  CHECK(fixture.row(subscription).state == SubscriptionState::active);

  fixture.log.clock.advance(15 * day);
  fixture.settle();
  CHECK(fixture.row(subscription).state == SubscriptionState::pending);
  CHECK_FALSE(fixture.row(subscription).verified);
  const auto& told = fixture.endpoint("https://b.example/").messages.back();
  CHECK(Json::parse(told.body)["data"]["subscription"] == subscription.id);
  CHECK(Json::parse(told.body)["data"]["state"] == "pending");
  fixture.log.append({addition_note(5)});
  fixture.settle();
  CHECK(fixture.received(url).back() == 10);
  CHECK(fixture.received("https://b.example/").back() == 11);

  fixture.endpoint(url).consents = true;
  fixture.open();
  fixture.log.clock.advance(2 * day);
  fixture.settle();
  CHECK(fixture.row(subscription).state == SubscriptionState::active);
  CHECK(fixture.received(url).back() == 11);
}

}  // namespace cpl::testing::verification_test
