// What owners do with their subscriptions, and what they are told of them.
#include "registry/log/log_keys.hpp"
#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing::notifier_owner_test {
namespace {

const std::string url = "https://a.example/";

bool verifies(const OutgoingMessage& message, const WebhookKeys& keys) {
  const auto verifier = WebhookVerifier::parse(keys.secret_text(), keys.public_key_text());
  REQUIRE(verifier);
  const std::string timestamp = header(message, "webhook-timestamp");
  return verifier
      ->verify(header(message, "webhook-id"), timestamp, header(message, "webhook-signature"),
               message.body, *from_decimal(timestamp))
      .has_value();
}

std::string type_of(const OutgoingMessage& message) {
  return Json::parse(message.body)["type"].get<std::string>();
}

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "done" : result.error().code;
}

}  // namespace

TEST_CASE("owner: what is paused is sent nothing and loses nothing") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  REQUIRE(fixture.notifier->pause("Party", subscription.id));
  fixture.log.append({addition_note(4)});
  fixture.settle();
  fixture.open();
  fixture.log.clock.advance(hour);
  fixture.settle();
  CHECK(fixture.received(url) == story_events);
  CHECK(fixture.notifier->stats().paused == 1);
  CHECK(fixture.notifier->stats().behind_max == 0);
  const auto resumed = fixture.notifier->resume("Party", subscription.id);
  REQUIRE(resumed);
  CHECK(resumed->state == SubscriptionState::active);
  fixture.settle();
  CHECK(fixture.received(url).back() == 10);
}

TEST_CASE("owner: an answer that comes after the pause counts, and does not end it") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe(url);
  for (int step = 0; step < 2; ++step) {
    fixture.notifier->run_once();
    fixture.transport.hand_over();
  }
  fixture.notifier->run_once();
  REQUIRE(fixture.notifier->pause("Party", subscription.id));
  fixture.settle();
  CHECK(fixture.received(url) == std::vector<std::uint64_t>{1});
  CHECK(fixture.row(subscription).state == SubscriptionState::paused);
  CHECK(fixture.row(subscription).delivered == EntryIndex{1});
}

TEST_CASE("owner: a quarantined subscription is tried at once when its owner says so") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe(url);
  fixture.endpoint(url).status = 410;
  fixture.settle();
  fixture.endpoint(url).status = 200;
  REQUIRE(fixture.notifier->resume("Party", subscription.id));
  CHECK(fixture.row(subscription).state == SubscriptionState::quarantined);
  fixture.settle();
  CHECK(fixture.row(subscription).state == SubscriptionState::active);
  CHECK(fixture.received(url) == story_events);
}

TEST_CASE("owner: while keys are rotated both sign; after the grace, or with none, the new ones") {
  NotifierFixture fixture;
  const Subscription first = fixture.subscribe(url);
  fixture.settle();
  const WebhookKeys old_keys = fixture.notifier->keys_of(first);
  const auto rotated = fixture.notifier->rotate("Party", first.id, std::chrono::seconds(24 * 3600));
  REQUIRE(rotated);
  const WebhookKeys new_keys = fixture.notifier->keys_of(*rotated);
  CHECK(new_keys.secret_text() != old_keys.secret_text());
  std::uint32_t next = 4;
  const auto send = [&]() -> OutgoingMessage {
    fixture.log.append({addition_note(next++)});
    fixture.settle();
    return fixture.endpoint(url).messages.back();
  };
  fixture.open();
  CHECK(verifies(send(), old_keys));
  CHECK(verifies(fixture.endpoint(url).messages.back(), new_keys));
  CHECK(header(fixture.endpoint(url).messages.back(), "webhook-signature").find(" v1,") !=
        std::string::npos);
  fixture.log.clock.advance(24 * hour);
  CHECK_FALSE(verifies(send(), old_keys));
  CHECK(verifies(fixture.endpoint(url).messages.back(), new_keys));
  CHECK(fixture.row(first).old_keys.empty());

  const auto again = fixture.notifier->rotate("Party", first.id, std::chrono::seconds(0));
  REQUIRE(again);
  CHECK_FALSE(verifies(send(), new_keys));
  CHECK(verifies(fixture.endpoint(url).messages.back(), fixture.notifier->keys_of(*again)));
}

TEST_CASE("owner: of keys that still sign there are a few; a grace of none ends them all") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe(url);
  const auto rotate = [&](int seconds) {
    return code_of(
        fixture.notifier->rotate("Party", subscription.id, std::chrono::seconds(seconds)));
  };
  for (int i = 0; i < 5; ++i) CHECK(rotate(3600) == "done");
  CHECK(rotate(3600) == "rotations-too-many");
  CHECK(rotate(0) == "done");
  CHECK(fixture.row(subscription).old_keys.empty());
  CHECK(fixture.row(subscription).key_generation == 6);
}

TEST_CASE("owner: a test is signed, is no change of the list, and moves nothing") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe(url);
  CHECK(code_of(fixture.notifier->test("Party", subscription.id)) == "subscription-state");
  fixture.settle();
  REQUIRE(fixture.notifier->pause("Party", subscription.id));
  fixture.endpoint(url).status = 500;
  const auto test = fixture.notifier->test("Party", subscription.id);
  REQUIRE(test);
  CHECK(code_of(fixture.notifier->test("Party", subscription.id)) == "test-waiting");
  fixture.settle();
  const OutgoingMessage& message = fixture.endpoint(url).messages.back();
  CHECK(header(message, "webhook-id") == *test);
  CHECK(test->size() == 30);
  CHECK(type_of(message) == "example.cpl.test.v1");
  CHECK(message.body.find("TEST") != Bytes::npos);
  CHECK_FALSE(Json::parse(message.body).contains("sequence"));
  CHECK(verifies(message, fixture.notifier->keys_of(subscription)));
  CHECK(fixture.row(subscription).attempt == 0);
  CHECK(fixture.row(subscription).state == SubscriptionState::paused);
  const auto log = fixture.notifier->attempts("Party", subscription.id, std::nullopt, 1);
  REQUIRE(log);
  CHECK((*log)[0].message == *test);
  CHECK((*log)[0].status == 500);
  CHECK_FALSE((*log)[0].next_attempt_at);
}

TEST_CASE("owner: a replay sends again from an entry on, and names the right predecessor") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  CHECK(code_of(fixture.notifier->replay("Party", subscription.id, EntryIndex{11})) ==
        "cursor-ahead");
  REQUIRE(fixture.notifier->replay("Party", subscription.id, EntryIndex{4}));
  fixture.settle();
  auto expected = story_events;
  expected.insert(expected.end(), {5, 8});
  CHECK(fixture.received(url) == expected);
  const auto& messages = fixture.endpoint(url).messages;
  CHECK(messages[5].body == messages[3].body);
  CHECK(header(messages[5], "webhook-id") == header(messages[3], "webhook-id"));
  REQUIRE(fixture.notifier->replay("Party", subscription.id, EntryIndex{0}));
  fixture.settle();
  CHECK_FALSE(Json::parse(messages[7].body).contains("prevsequence"));
}

TEST_CASE("owner: what is under way when a replay is asked for does not undo it") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  fixture.log.append({addition_note(4)});
  fixture.notifier->run_once();
  REQUIRE(fixture.notifier->replay("Party", subscription.id, EntryIndex{8}));
  fixture.settle();
  auto expected = story_events;
  expected.insert(expected.end(), {10, 8, 10});
  CHECK(fixture.received(url) == expected);
}

TEST_CASE("owner: a new URL is verified before anything is sent there; a filter holds from now") {
  NotifierFixture fixture;
  const std::string other = "https://b.example/";
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  fixture.endpoint(other).consents = false;
  fixture.log.clock.advance(hour);
  EventFilter additions;
  additions.kinds = {"entry.added.v1"};
  const auto changed = fixture.notifier->change("Party", subscription.id, other, additions);
  REQUIRE(changed);
  CHECK(changed->state == SubscriptionState::pending);
  fixture.log.append({addition_note(4)});
  fixture.settle();
  CHECK(fixture.received(other).empty());
  CHECK(fixture.received(url) == story_events);
  fixture.endpoint(other).consents = true;
  fixture.log.clock.advance(hour);
  fixture.settle();
  CHECK(fixture.received(other) == std::vector<std::uint64_t>{10});
  // The same URL again changes nothing.
  REQUIRE(fixture.notifier->change("Party", subscription.id, other, std::nullopt));
  CHECK(fixture.row(subscription).state == SubscriptionState::active);
}

TEST_CASE("owner: a paused subscription with a new URL is verified once it is resumed") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  REQUIRE(fixture.notifier->pause("Party", subscription.id));
  REQUIRE(fixture.notifier->change("Party", subscription.id, "https://b.example/", std::nullopt));
  CHECK(fixture.row(subscription).state == SubscriptionState::paused);
  CHECK(fixture.notifier->resume("Party", subscription.id)->state == SubscriptionState::pending);
}

TEST_CASE("owner: what is retired stays to be seen for a while, and takes no change") {
  NotifierFixture fixture;  // Keeps two of them.
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    const Subscription subscription = fixture.subscribe(url);
    fixture.settle();
    REQUIRE(fixture.notifier->retire("Party", subscription.id));
    fixture.log.clock.advance(1000);
    ids.push_back(subscription.id);
  }
  CHECK(fixture.notifier->of_owner("Party").empty());
  CHECK(fixture.notifier->stats().subscriptions == 0);
  CHECK(code_of(fixture.notifier->find("Party", ids[0])) == "subscription-not-found");
  const auto found = fixture.notifier->find("Party", ids[1]);
  REQUIRE(found);
  CHECK(found->state == SubscriptionState::retired);
  CHECK_FALSE(fixture.notifier->attempts("Party", ids[1], std::nullopt, 5)->empty());
  CHECK(code_of(fixture.notifier->resume("Party", ids[1])) == "subscription-state");
  CHECK(code_of(fixture.notifier->test("Party", ids[1])) == "subscription-state");
  CHECK(code_of(fixture.notifier->retire("Party", ids[1])) == "subscription-state");
  // Of what is forgotten nothing is left.
  const auto view = fixture.memory.snapshot();
  CHECK(view->scan("l" + ids[0], "l" + ids[0] + "~", 10)->empty());
  CHECK_FALSE(*view->get(store_keys::subscription(ids[0])));
}

TEST_CASE("owner: others are told that there is no such subscription, whatever they ask") {
  NotifierFixture fixture;
  const std::string id = fixture.subscribe(url).id;
  Notifier& notifier = *fixture.notifier;
  const std::vector<std::string> codes = {
      code_of(notifier.find("Other", id)),
      code_of(notifier.verify("Other", id)),
      code_of(notifier.pause("Other", id)),
      code_of(notifier.resume("Other", id)),
      code_of(notifier.rotate("Other", id, std::chrono::seconds(0))),
      code_of(notifier.test("Other", id)),
      code_of(notifier.replay("Other", id, EntryIndex{0})),
      code_of(notifier.change("Other", id, "https://b.example/", std::nullopt)),
      code_of(notifier.attempts("Other", id, std::nullopt, 10)),
      code_of(notifier.retire("Other", id))};
  for (const std::string& code : codes) CHECK(code == "subscription-not-found");
}

TEST_CASE("owner: the other subscriptions are told of a quarantine and of its end") {
  NotifierFixture fixture;
  const std::string sister = "https://b.example/";
  const Subscription subscription = fixture.subscribe(url);
  fixture.subscribe(sister);
  REQUIRE(fixture.notifier->subscribe("Other", Audience::parties, {"https://c.example/", {}},
                                      EntryIndex{10}));
  fixture.settle();
  fixture.log.append({addition_note(4)});
  fixture.endpoint(url).status = 410;
  fixture.settle();
  REQUIRE(fixture.row(subscription).state == SubscriptionState::quarantined);
  const OutgoingMessage told = fixture.endpoint(sister).messages.back();
  CHECK(type_of(told) == "example.cpl.subscription.quarantined.v1");
  CHECK(Json::parse(told.body)["data"]["subscription"] == subscription.id);
  fixture.endpoint(url).status = 200;
  fixture.log.clock.advance(2 * hour);
  fixture.settle();
  CHECK(type_of(fixture.endpoint(sister).messages.back()) ==
        "example.cpl.subscription.recovered.v1");
  CHECK(fixture.notifier->stats().quarantines == 1);
  CHECK(fixture.notifier->stats().recoveries == 1);
  for (const OutgoingMessage& message : fixture.endpoint("https://c.example/").messages) {
    CHECK(type_of(message).find("subscription") == std::string::npos);
  }
}

TEST_CASE("owner: news that could not be told yet are told by the next process") {
  NotifierFixture fixture;
  const std::string sister = "https://b.example/";
  const Subscription subscription = fixture.subscribe(url);
  fixture.subscribe(sister);
  fixture.settle();
  fixture.endpoint(url).status = 410;
  fixture.endpoint(sister).status = 500;
  fixture.log.append({addition_note(4)});
  fixture.settle();
  fixture.open();
  fixture.endpoint(sister).status = 200;
  fixture.log.clock.advance(hour);
  fixture.settle();
  const auto& messages = fixture.endpoint(sister).messages;
  CHECK(std::any_of(messages.begin(), messages.end(), [](const OutgoingMessage& message) {
    return type_of(message) == "example.cpl.subscription.quarantined.v1";
  }));
  CHECK(fixture.row(subscription).state == SubscriptionState::quarantined);
}

TEST_CASE("owner: once in each interval a canary comes, the same one until it is taken") {
  NotifierFixture fixture;
  fixture.canary_interval = std::chrono::minutes(60);
  // Within a minute, so that no interval begins while the canary is tried again.
  const std::uint64_t now = fixture.log.clock.now().value;
  fixture.log.clock.set(UnixMillis{now + 60'000 - now % 60'000 + 20'000});
  fixture.open();
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  REQUIRE(fixture.endpoint(url).messages.size() == story_events.size());
  fixture.endpoint(url).status = 500;
  fixture.log.clock.advance(hour);
  fixture.settle();
  fixture.endpoint(url).status = 200;
  fixture.log.clock.advance(7'000);
  fixture.settle();
  const auto& messages = fixture.endpoint(url).messages;
  REQUIRE(messages.size() == story_events.size() + 2);
  CHECK(type_of(messages[5]) == "example.cpl.test.v1");
  CHECK(header(messages[5], "webhook-id") == header(messages[6], "webhook-id"));
  CHECK(messages[5].body == messages[6].body);
  fixture.log.clock.advance(hour);
  fixture.settle();
  REQUIRE(messages.size() == story_events.size() + 3);
  CHECK(header(messages[7], "webhook-id") != header(messages[6], "webhook-id"));
  CHECK(fixture.row(subscription).cursor == EntryIndex{10});
}

TEST_CASE("owner: a preview counts what a filter would have let through, and shows the newest") {
  NotifierFixture fixture;
  EventFilter filter;
  filter.models = {small_id(1)};
  const auto all = fixture.notifier->preview(Audience::parties, filter, UnixMillis{0}, 2);
  REQUIRE(all);
  CHECK(all->count == 3);
  CHECK(all->complete);
  REQUIRE(all->newest.size() == 2);
  CHECK(all->newest[0].sequence == EntryIndex{8});
  CHECK(all->newest[1].sequence == EntryIndex{5});
  const UnixMillis after{fixture.log.clock.now().value + 1};
  CHECK(fixture.notifier->preview(Audience::parties, filter, after, 2)->count == 0);
  CHECK(fixture.notifier->preview(Audience::service_desk, {}, UnixMillis{0}, 9)->newest[3].kind ==
        "removal.directed.v1");
}

}  // namespace cpl::testing::notifier_owner_test
