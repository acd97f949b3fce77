// The notifier from end to end, but for the network: each subscriber sees its events in order, each
// at least once (I8), whatever fails, ends or is lost in between.
#include "registry/log/log_keys.hpp"
#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing::notifier_test {

TEST_CASE("notifier: a subscriber is sent every event that it wants, once and in order (I8)") {
  NotifierFixture fixture;
  fixture.subscribe("https://a.example/");
  EventFilter one_model;
  one_model.models = {small_id(1)};
  fixture.subscribe("https://b.example/", one_model);
  EventFilter additions;
  additions.kinds = {"entry.added.v1"};
  fixture.subscribe("https://c.example/", additions);
  fixture.settle();
  CHECK(fixture.received("https://a.example/") == story_events);
  CHECK(fixture.received("https://b.example/") == std::vector<std::uint64_t>{1, 5, 8});
  CHECK(fixture.received("https://c.example/") == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(fixture.notifier->stats().behind_max == 0);
  // Each took seven milliseconds here; what verified the receivers is no delivery.
  const HistogramCounts times = fixture.notifier->stats().delivery_times;
  CHECK(times.total_microseconds == 7'000 * fixture.notifier->stats().delivered);
  CHECK(times.counts[6] == fixture.notifier->stats().delivered);
}

TEST_CASE("notifier: once in each interval a subscriber that has all is told the checkpoint") {
  NotifierFixture fixture;
  fixture.checkpoint_interval = std::chrono::hours(1);
  fixture.open();
  const std::string url = "https://a.example/";
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  REQUIRE(fixture.endpoint(url).messages.size() == story_events.size());
  fixture.log.clock.advance(hour);
  fixture.settle();
  fixture.settle();
  REQUIRE(fixture.endpoint(url).messages.size() == story_events.size() + 1);
  const OutgoingMessage first = fixture.endpoint(url).messages.back();
  const Json body = Json::parse(first.body);
  CHECK(body["type"] == "example.cpl.checkpoint.v1");
  CHECK(body["prevsequence"] == "00000000000000000008");
  CHECK(body["data"]["checkpoint"] == fixture.log.view()->checkpoint_note());
  CHECK(header(first, "webhook-id").starts_with("chk_00000000000000000010_"));
  // What fails is tried again, also by the next process; then the next interval has its own.
  fixture.endpoint(url).status = 500;
  fixture.log.clock.advance(hour);
  fixture.settle();
  CHECK(fixture.row(subscription).attempt == 1);
  fixture.open();
  fixture.endpoint(url).status = 204;
  fixture.log.clock.advance(10'000);
  fixture.settle();
  const auto& messages = fixture.endpoint(url).messages;
  REQUIRE(messages.size() == story_events.size() + 3);
  CHECK(header(messages[7], "webhook-id") == header(messages[6], "webhook-id"));
  CHECK(header(messages[6], "webhook-id") != header(first, "webhook-id"));
  CHECK(fixture.row(subscription).cursor == EntryIndex{10});
  CHECK(fixture.row(subscription).delivered == EntryIndex{8});
}

TEST_CASE("notifier: each message names its predecessor of the same subscription, and is signed") {
  NotifierFixture fixture;
  EventFilter filter;
  filter.models = {small_id(1)};
  const Subscription subscription = fixture.subscribe("https://a.example/", filter);
  fixture.settle();
  const WebhookKeys keys = fixture.notifier->keys_of(subscription);
  const auto verifier = WebhookVerifier::parse(keys.secret_text(), keys.public_key_text());
  REQUIRE(verifier);
  std::string previous;
  for (const OutgoingMessage& message : fixture.endpoint("https://a.example/").messages) {
    const Json body = Json::parse(message.body);
    CHECK(body.value("prevsequence", "") == previous);
    previous = body["sequence"].get<std::string>();
    CHECK(header(message, "webhook-id") == "msg_" + previous);
    const std::string timestamp = header(message, "webhook-timestamp");
    CHECK(verifier->verify(header(message, "webhook-id"), timestamp,
                           header(message, "webhook-signature"), message.body,
                           *from_decimal(timestamp)));
  }
  CHECK(previous == format_sequence(EntryIndex{8}));
}

TEST_CASE("notifier: the desk's notice and the Parties' announcement are of different types") {
  NotifierFixture fixture;
  fixture.subscribe("https://desk.example/", {}, Audience::service_desk);
  EventFilter announced;
  announced.kinds = {"removal.announced.v1"};
  fixture.subscribe("https://party.example/", announced);
  fixture.settle();
  const auto type_of = [](const OutgoingMessage& message) {
    return Json::parse(message.body)["type"].get<std::string>();
  };
  CHECK(type_of(fixture.endpoint("https://desk.example/").messages.at(3)) ==
        "example.cpl.removal.directed.v1");
  CHECK(type_of(fixture.endpoint("https://party.example/").messages.at(0)) ==
        "example.cpl.removal.announced.v1");
}

TEST_CASE("notifier: a failed message is tried again, when it is due, with the same id and body") {
  NotifierFixture fixture;
  fixture.subscribe("https://a.example/");
  fixture.endpoint("https://a.example/").status = 500;
  fixture.settle();
  CHECK(fixture.endpoint("https://a.example/").messages.size() == 1);
  fixture.log.clock.advance(3999);  // The first delay is 5 seconds, a fifth more or less.
  fixture.settle();
  CHECK(fixture.endpoint("https://a.example/").messages.size() == 1);
  fixture.log.clock.advance(2001);
  fixture.endpoint("https://a.example/").status = 200;
  fixture.settle();
  CHECK(fixture.received("https://a.example/") == story_events);
  const auto& messages = fixture.endpoint("https://a.example/").messages;
  CHECK(header(messages[0], "webhook-id") == header(messages[1], "webhook-id"));
  CHECK(messages[0].body == messages[1].body);
  CHECK(fixture.notifier->stats().failed == 1);
}

TEST_CASE("notifier: a message that gets no answer holds up its own subscription and no other") {
  NotifierFixture fixture;
  fixture.subscribe("https://slow.example/");
  for (int step = 0; step < 2; ++step) {  // Its receiver is verified.
    fixture.notifier->run_once();
    CHECK(fixture.transport.hand_over() == 1);
  }
  fixture.notifier->run_once();
  fixture.subscribe("https://a.example/");
  CHECK(fixture.transport.hand_over() == 1);
  fixture.endpoint("https://slow.example/").status = 503;
  fixture.settle();
  CHECK(fixture.received("https://a.example/") == story_events);
  CHECK(fixture.received("https://slow.example/") == std::vector<std::uint64_t>{1});
}

TEST_CASE("notifier: an endpoint that is gone is quarantined, probed, and catches up from there") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe("https://a.example/");
  fixture.endpoint("https://a.example/").status = 410;
  fixture.settle();
  CHECK(fixture.row(subscription).state == SubscriptionState::quarantined);
  CHECK(fixture.notifier->stats().quarantined == 1);
  fixture.open();
  CHECK(fixture.row(subscription).state == SubscriptionState::quarantined);
  fixture.endpoint("https://a.example/").status = 200;
  fixture.settle();
  CHECK(fixture.received("https://a.example/").empty());
  fixture.log.clock.advance(2 * hour);
  fixture.settle();
  CHECK(fixture.received("https://a.example/") == story_events);
  CHECK(fixture.row(subscription).state == SubscriptionState::active);
}

TEST_CASE("notifier: a Party's endpoint that fails ten times over days is quarantined") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe("https://a.example/");
  fixture.endpoint("https://a.example/").status = 500;
  for (int attempt = 1; attempt <= 10; ++attempt) {
    fixture.settle();
    CHECK(fixture.endpoint("https://a.example/").messages.size() ==
          static_cast<std::size_t>(attempt));
    CHECK(fixture.row(subscription).state ==
          (attempt < 10 ? SubscriptionState::active : SubscriptionState::quarantined));
    fixture.log.clock.advance(29 * hour);
  }
  CHECK(fixture.row(subscription).last_failure == "the endpoint answered 500");
}

TEST_CASE("notifier: a wake-up that is lost loses no event (I8)") {
  NotifierFixture fixture;
  fixture.subscribe("https://a.example/");
  fixture.settle();
  fixture.log.append({addition_note(4)});
  fixture.log.append({addition_note(5)});
  fixture.settle();
  auto expected = story_events;
  expected.insert(expected.end(), {10, 11});
  CHECK(fixture.received("https://a.example/") == expected);
}

TEST_CASE("notifier: ended at any commit and started again it repeats, but skips nothing (I8)") {
  // A pass stores what came of consent, challenge or event for both subscriptions at once.
  const std::size_t commits = 2 + story_events.size();
  for (const StoreFault fault : {StoreFault::crash_before, StoreFault::crash_after,
                                 StoreFault::fails_not_persisted, StoreFault::fails_persisted}) {
    for (std::size_t commit = 0; commit < commits; ++commit) {
      INFO("fault " << static_cast<int>(fault) << " at commit " << commit);
      NotifierFixture fixture;
      fixture.subscribe("https://a.example/");
      fixture.subscribe("https://b.example/");
      fixture.store.fail_after(commit, fault);
      const bool ends = fault == StoreFault::crash_before || fault == StoreFault::crash_after;
      if (ends) {
        CHECK_THROWS_AS(fixture.settle(), Crash);
      } else {
        fixture.settle();
      }
      fixture.open();
      fixture.settle();
      for (const char* url : {"https://a.example/", "https://b.example/"}) {
        auto received = fixture.received(url);
        CHECK(std::is_sorted(received.begin(), received.end()));
        received.erase(std::unique(received.begin(), received.end()), received.end());
        CHECK(received == story_events);
      }
    }
  }
}

TEST_CASE("notifier: a row that went back in time is served again from there, in order (I8)") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe("https://a.example/");
  fixture.settle();
  fixture.close();
  WriteBatch older;  // As it was stored at first: the machine lost what was not yet on its disk.
  older.put(store_keys::subscription(subscription.id), encode(subscription));
  REQUIRE(fixture.memory.commit(older, Durability::synced));
  fixture.open();
  fixture.settle();
  auto twice = story_events;
  twice.insert(twice.end(), story_events.begin(), story_events.end());
  CHECK(fixture.received("https://a.example/") == twice);
}

TEST_CASE("notifier: a transport may answer in the call, as one that has stopped does") {
  class Stopped final : public Transport {
   public:
    void send(OutgoingMessage, Done done) override {
      done(Error{Errc::unavailable, "delivery-stopping", "the registry is stopping", 0});
    }
  };
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe("https://a.example/");
  fixture.close();
  Stopped transport;
  const auto notifier = Notifier::open(fixture.store, [&] { return fixture.log.view(); }, transport,
                                       fixture.log.clock, "the master key of the notices", {})
                            .value();
  notifier->run_once();
  notifier->run_once();  // Takes in what came of it.
  const auto found = notifier->find(subscription.owner, subscription.id);
  REQUIRE(found);
  CHECK(found->attempt == 1);
  CHECK(found->state == SubscriptionState::pending);
}

TEST_CASE("notifier: subscriptions are their owner's alone, bounded, and gone when ended") {
  NotifierFixture fixture;
  const Subscription subscription = fixture.subscribe("https://a.example/");
  CHECK_FALSE(fixture.notifier->find("Other", subscription.id));
  CHECK(fixture.notifier->retire("Other", subscription.id).error().errc == Errc::not_found);
  for (int i = 0; i < 3; ++i) fixture.subscribe("https://b.example/");
  const auto fifth = fixture.notifier->subscribe("Party", Audience::parties,
                                                 {"https://c.example/", {}}, EntryIndex{0});
  REQUIRE(fifth.has_error());
  CHECK(fifth.error().code == "subscriptions-full");
  fixture.notifier->run_once();
  fixture.transport.hand_over();
  fixture.notifier->run_once();
  fixture.transport.hand_over();
  fixture.notifier->run_once();
  REQUIRE(fixture.notifier->retire("Party", subscription.id));  // With a message under way.
  CHECK(fixture.notifier->of_owner("Party").size() == 3);
  fixture.settle();
  CHECK(fixture.received("https://a.example/") == std::vector<std::uint64_t>{1});
  fixture.open();
  CHECK(fixture.notifier->of_owner("Party").size() == 3);
}

TEST_CASE("notifier: there is room for so many of all owners, and again once one is retired") {
  NotifierFixture fixture;
  const auto make = [&](const std::string& owner) {
    return fixture.notifier->subscribe(owner, Audience::parties, {"https://a.example/", {}},
                                       EntryIndex{0});
  };
  std::string first;
  for (int i = 0; i < 20; ++i) {
    const auto made = make("Party" + std::to_string(i / 4));
    REQUIRE(made);
    if (i == 0) first = made->id;
  }
  CHECK(make("Another").error().code == "subscriptions-full");
  REQUIRE(fixture.notifier->retire("Party0", first));
  fixture.open();
  REQUIRE(make("Another"));
  CHECK(make("Another").error().code == "subscriptions-full");
  CHECK(make("Party0").error().code == "subscriptions-full");
}

TEST_CASE("notifier: its own thread delivers what comes, and stops once all is answered (I8)") {
  NotifierFixture fixture;
  fixture.subscribe("https://a.example/");
  fixture.notifier->start();
  for (std::size_t i = 0; i < 2 + story_events.size(); ++i) {
    fixture.transport.wait_for_message();
    fixture.transport.hand_over();
  }
  fixture.log.append({addition_note(4)});
  fixture.notifier->wake();
  fixture.transport.wait_for_message();
  std::thread answering([&] { fixture.transport.hand_over(); });
  fixture.notifier->stop();
  answering.join();
  auto expected = story_events;
  expected.push_back(10);
  CHECK(fixture.received("https://a.example/") == expected);
}

}  // namespace cpl::testing::notifier_test
