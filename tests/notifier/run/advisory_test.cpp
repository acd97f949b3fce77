// Advisories: who is told that a restricted text may be read, when, and how often.
#include "registry/log/log_keys.hpp"
#include "tests/notifier/run/advisory_fixture.hpp"

namespace cpl::testing::advisory_test {

namespace {

const std::string desk_url = "https://desk.example/hooks";
const std::string energy_url = "https://energy.example/hooks";
const std::string other_url = "https://other.example/hooks";
const std::vector<std::string> every_class = {"WHITE", "GREEN", "AMBER", "RED"};

}  // namespace

TEST_CASE("advisory: the desk is told first, then one Party, then all, each at its time and once") {
  AdvisoryFixture scene;
  scene.subscribe_to(every_class, "desk", desk_url, Audience::service_desk);
  scene.subscribe_to(every_class, "energy", energy_url);
  scene.subscribe_to(every_class, "other", other_url);
  const UnixMillis now = scene.log.clock.now();
  scene.keep("AMBER", {{"service_desk", 0}, {"energy", 1}, {"all_parties", 2}});
  const auto told = [&] {
    return std::vector{scene.told(desk_url), scene.told(energy_url), scene.told(other_url)};
  };
  using Counts = std::vector<std::size_t>;
  scene.settle();
  CHECK(told() == Counts{1, 0, 0});
  scene.log.clock.advance(hour - 1);
  scene.settle();
  CHECK(told() == Counts{1, 0, 0});
  scene.log.clock.advance(1);
  scene.settle();
  CHECK(told() == Counts{1, 1, 0});
  scene.open();
  scene.pass(1);
  CHECK(told() == Counts{1, 1, 1});
  scene.open();
  scene.pass(100);
  CHECK(told() == Counts{1, 1, 1});

  const std::string entry = std::to_string(scene.notice.value);
  const OutgoingMessage message = scene.sent(energy_url).front();
  const Json event = Json::parse(message.body);
  const std::string id = event["id"].get<std::string>();
  CHECK(id == "adv_" + entry + "_" + to_hex(sha256("/reason").view().substr(0, 8)));
  CHECK(header(message, "webhook-id") == id);
  CHECK(event["subject"] == "entry/" + entry);
  CHECK(event["time"] == format_time(UnixMillis{now.value + hour}));
  CHECK(event["dataclassification"] == "AMBER");
  CHECK(event["dataref"] == "https://log.example/v1/entries/" + entry + "/openings");
  CHECK(event["data"]["entry"] == scene.notice.value);
  CHECK(event["data"].size() == 2);
  CHECK_FALSE(event.contains("sequence"));
}

TEST_CASE("advisory: only who asks for the class is told, and is told once it does") {
  AdvisoryFixture scene;
  const Subscription none = scene.subscribe_to({}, "energy", energy_url);
  scene.subscribe_to({"WHITE", "GREEN", "RED"}, "other", other_url);
  scene.keep("AMBER", {{"all_parties", 0}});
  scene.pass(1);
  CHECK(scene.told(energy_url) == 0);
  CHECK(scene.told(other_url) == 0);
  EventFilter asking;
  asking.classifications = {"AMBER"};
  REQUIRE(scene.notifier->change("energy", none.id, std::nullopt, asking));
  scene.settle();
  CHECK(scene.told(energy_url) == 1);
  scene.keep("GREEN", {{"all_parties", 0}});  // Of another class now.
  scene.settle();
  CHECK(scene.told(energy_url) == 1);
  CHECK(scene.told(other_url) == 1);

  // The models that a filter names hold for advisories too.
  asking.models = {small_id(1)};
  const auto made =
      scene.notifier->subscribe("another", Audience::parties, {desk_url, asking}, EntryIndex{0});
  REQUIRE(made);
  scene.keep("AMBER", {{"all_parties", 0}});
  scene.settle();
  CHECK(scene.told(desk_url) == 0);
  asking.models = {small_id(100)};
  REQUIRE(scene.notifier->change("another", made->id, std::nullopt, asking));
  scene.settle();
  CHECK(scene.told(desk_url) == 1);
}

TEST_CASE("advisory: who may not read is told nothing; new readers are told when kept again") {
  AdvisoryFixture scene;
  scene.subscribe_to(every_class, "service", other_url);
  scene.subscribe_to(every_class, "energy", energy_url);
  scene.keep("RED", {{"energy", 0}, {"service_desk", 0}});
  scene.pass(1);
  CHECK(scene.told(energy_url) == 1);
  CHECK(scene.told(other_url) == 0);
  scene.keep("RED", {{"energy", 0}, {"service", 1}});
  scene.settle();
  CHECK(scene.told(other_url) == 0);
  scene.pass(1);
  CHECK(scene.told(other_url) == 1);
  CHECK(scene.told(energy_url) == 1);
}

TEST_CASE("advisory: one that is destroyed is told to nobody any more, not even again") {
  AdvisoryFixture scene;
  scene.subscribe_to(every_class, "energy", energy_url);
  scene.endpoint(energy_url).status = 500;
  scene.keep("RED", {{"energy", 0}, {"other", 1}});
  scene.settle();
  REQUIRE(scene.told(energy_url) == 1);  // In vain.
  REQUIRE(scene.shelf->destroy(scene.notice, "/reason"));
  scene.endpoint(energy_url).status = 204;
  scene.subscribe_to(every_class, "other", other_url);
  scene.pass(100);
  scene.open();
  scene.pass(100);
  CHECK(scene.told(energy_url) == 1);
  CHECK(scene.told(other_url) == 0);
}

TEST_CASE("advisory: an endpoint that fails is told again, one that is paused when it resumes") {
  AdvisoryFixture scene;
  const Subscription failing = scene.subscribe_to(every_class, "energy", energy_url);
  const Subscription paused = scene.subscribe_to(every_class, "other", other_url);
  REQUIRE(scene.notifier->pause("other", paused.id));
  scene.endpoint(energy_url).status = 500;
  scene.keep("RED", {{"all_parties", 0}});
  scene.settle();
  scene.endpoint(energy_url).status = 204;
  scene.open();
  scene.pass(1);
  const auto sent = scene.sent(energy_url);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].body == sent[1].body);
  CHECK(header(sent[0], "webhook-id") == header(sent[1], "webhook-id"));
  const auto log = scene.notifier->attempts("energy", failing.id, std::nullopt, 1);
  REQUIRE((log && log->size() == 1));
  CHECK(log->front().what == "advisory");
  CHECK(log->front().message == header(sent[0], "webhook-id"));
  CHECK(log->front().succeeded);
  CHECK(scene.told(other_url) == 0);
  REQUIRE(scene.notifier->resume("other", paused.id));
  scene.settle();
  CHECK(scene.told(other_url) == 1);
}

TEST_CASE("advisory: of more than may wait as news of an endpoint none is lost") {
  AdvisoryFixture scene;
  const Subscription subscription = scene.subscribe_to(every_class, "energy", energy_url);
  scene.endpoint(energy_url).status = 500;
  constexpr std::size_t notices = 25;
  for (const EntryIndex entry : scene.append_notices(notices)) {
    scene.keep(entry, "GREEN", {{"energy", 0}});
  }
  // The last failure is of an attempt that quarantines it.
  for (int i = 0; i < 200 && scene.row(subscription).state == SubscriptionState::active; ++i) {
    scene.pass(1);
  }
  REQUIRE(scene.row(subscription).state == SubscriptionState::quarantined);
  const std::size_t in_vain = scene.told(energy_url);
  scene.open();
  scene.endpoint(energy_url).status = 204;
  scene.pass(2);
  std::set<std::uint64_t> entries;
  const auto sent = scene.sent(energy_url);
  for (std::size_t i = in_vain; i < sent.size(); ++i) {
    entries.insert(Json::parse(sent[i].body)["data"]["entry"].get<std::uint64_t>());
  }
  CHECK(sent.size() - in_vain == notices);
  CHECK(entries.size() == notices);
  CHECK(scene.row(subscription).state == SubscriptionState::active);
}

TEST_CASE("advisory: ended at any commit and started again it repeats, but skips nobody") {
  for (const StoreFault fault : {StoreFault::crash_before, StoreFault::crash_after,
                                 StoreFault::fails_not_persisted, StoreFault::fails_persisted}) {
    for (std::size_t commit = 0; commit < 2; ++commit) {
      INFO("fault " << static_cast<int>(fault) << " at commit " << commit);
      AdvisoryFixture scene;
      scene.subscribe_to(every_class, "desk", desk_url, Audience::service_desk);
      scene.subscribe_to(every_class, "energy", energy_url);
      scene.keep("AMBER", {{"service_desk", 0}, {"energy", 1}});
      scene.store.fail_after(commit, fault);
      const auto live = [&] {
        scene.settle();
        scene.pass(1);
      };
      const bool ends = fault == StoreFault::crash_before || fault == StoreFault::crash_after;
      if (ends) {
        CHECK_THROWS_AS(live(), Crash);
      } else {
        live();
      }
      scene.open();
      scene.pass(2);
      for (const std::string& url : {desk_url, energy_url}) {
        const auto sent = scene.sent(url);
        REQUIRE_FALSE(sent.empty());
        CHECK(sent.size() <= 2);
        CHECK(sent.front().body == sent.back().body);
      }
    }
  }
}

TEST_CASE("advisory: the notifier wakes when an opening becomes readable") {
  AdvisoryFixture scene;
  scene.subscribe_to({"RED"}, "energy", energy_url);
  const UnixMillis now = scene.log.clock.now();
  CHECK_FALSE(scene.notifier->run_once());
  scene.keep("RED", {{"energy", 3}, {"other", 5}});
  CHECK(scene.notifier->run_once() == UnixMillis{now.value + 3 * hour});
  scene.pass(3);
  CHECK(scene.told(energy_url) == 1);
  CHECK(scene.notifier->run_once() == UnixMillis{now.value + 5 * hour});
  scene.endpoint(energy_url).status = 500;
  scene.keep(scene.append_notices(1).front(), "RED", {{"energy", 0}});
  scene.pass(3);  // The new notice itself is news to it, too.
  const auto retry = scene.notifier->run_once();
  REQUIRE(retry);
  CHECK(*retry > scene.log.clock.now());
}

TEST_CASE("advisory: a text of an entry that is not published is told of when it is") {
  AdvisoryFixture scene;
  const Subscription subscription = scene.subscribe_to({"RED"}, "energy", energy_url);
  const auto before = scene.log.view();
  scene.keep(scene.append_notices(1).front(), "RED", {{"energy", 0}});
  const UnixMillis now = scene.log.clock.now();
  EventReader reader({"https://log.example/cpl", "example.cpl"});
  Advisories advisories(scene.shelf);
  advisories.follow();
  const auto unpublished = advisories.look(subscription, *before, reader, now);
  REQUIRE(unpublished);
  CHECK_FALSE(unpublished->next);
  CHECK_FALSE(advisories.holds(*unpublished, now));
  const auto published = advisories.look(subscription, *scene.log.view(), reader, now);
  REQUIRE(published);
  CHECK(published->next);
  CHECK(advisories.holds(*published, now));
}

TEST_CASE("advisory: of a subscription that is forgotten nothing is left") {
  AdvisoryFixture scene;
  scene.keep("RED", {{"energy", 0}});
  for (int i = 0; i < 3; ++i) {  // Two are kept when retired.
    const auto made = scene.subscribe_to({"RED"}, "energy", energy_url);
    REQUIRE(scene.notifier->retire("energy", made.id));
    scene.log.clock.advance(1);
  }
  CHECK(scene.told(energy_url) == 3);
  const auto rows = scan_all(scene.memory, keyspace::Kind::advisory);
  REQUIRE(rows);
  CHECK(rows->size() == 2);
}

}  // namespace cpl::testing::advisory_test
