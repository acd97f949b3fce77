// Did every Party get it? What became of an entry's event at a Party's subscriptions.
#include "notifier/run/entry_deliveries.hpp"

#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing::entry_deliveries_test {
namespace {

const std::string url = "https://a.example/";

struct Scene : NotifierFixture {
  PartyDelivery of(std::uint64_t entry, const std::string& party = "Party",
                   Audience audience = Audience::parties) {
    const UnixMillis now = log.clock.now();
    const EntryDue due{EntryIndex{entry}, UnixMillis{start_time.value + 24 * hour}};
    const auto found = entry_delivery(*notifier, *log.view(), party, audience, due, now);
    REQUIRE(found);
    REQUIRE(*found);
    return **found;
  }
  DeliveryState state(std::uint64_t entry) { return of(entry).state; }
};

}  // namespace

TEST_CASE("entry deliveries: delivered, and when; or waiting, and late once it was due") {
  Scene scene;
  CHECK(scene.state(8) == DeliveryState::no_subscription);
  scene.subscribe(url);
  CHECK(scene.state(8) == DeliveryState::untold);  // Its receiver has not consented yet.
  scene.endpoint(url).status = 500;
  scene.settle();
  CHECK(scene.state(8) == DeliveryState::waiting);
  scene.log.clock.advance(24 * hour + 1);
  CHECK(scene.state(8) == DeliveryState::late);
  CHECK(scene.of(8).failed_attempts > 0);
  scene.endpoint(url).status = 204;
  scene.settle();
  const UnixMillis now = scene.log.clock.now();
  CHECK(scene.state(8) == DeliveryState::delivered);
  CHECK(scene.of(8).at == now);
  scene.log.clock.advance(hour);
  CHECK(scene.of(8).at == now);
  // An entry that is no event is nobody's.
  const auto none = entry_delivery(*scene.notifier, *scene.log.view(), "Party", Audience::parties,
                                   {EntryIndex{4}, now}, now);
  REQUIRE(none);
  CHECK_FALSE(*none);
}

TEST_CASE("entry deliveries: what a filter does not want, or began later, is untold") {
  Scene scene;
  EventFilter removals;
  removals.kinds = {"entry.removed.v1"};
  const Subscription subscription = scene.subscribe(url, removals);
  scene.settle();
  CHECK(scene.state(8) == DeliveryState::delivered);
  CHECK(scene.state(1) == DeliveryState::untold);
  // A filter that wants all now was told nothing of what was before; what was told, was told.
  REQUIRE(scene.notifier->change("Party", subscription.id, std::nullopt, EventFilter{}));
  CHECK(scene.state(1) == DeliveryState::untold);
  CHECK(scene.state(8) == DeliveryState::delivered);
  REQUIRE(scene.notifier->replay("Party", subscription.id, EntryIndex{1}));
  scene.settle();
  CHECK(scene.state(1) == DeliveryState::delivered);
  CHECK(scene.state(3) == DeliveryState::delivered);
}

TEST_CASE("entry deliveries: the best of a Party's subscriptions counts, and one that ended, too") {
  Scene scene;
  const Subscription subscription = scene.subscribe(url);
  scene.settle();
  const Subscription paused = scene.subscribe("https://b.example/");
  REQUIRE(scene.notifier->pause("Party", paused.id));
  CHECK(scene.state(8) == DeliveryState::delivered);
  REQUIRE(scene.notifier->retire("Party", subscription.id));
  CHECK(scene.state(8) == DeliveryState::delivered);
  scene.log.append({addition_note(4)});
  CHECK(scene.state(10) == DeliveryState::untold);  // The paused one is left.
  REQUIRE(scene.notifier->retire("Party", paused.id, {}, "the operator removed the Party"));
  CHECK(scene.state(10) == DeliveryState::no_subscription);
  CHECK(scene.row(paused).last_failure == "the operator removed the Party");
}

TEST_CASE("entry deliveries: a receiver that has failed for days is told as quarantined") {
  Scene scene;
  const Subscription subscription = scene.subscribe(url);
  scene.settle();
  scene.endpoint(url).status = 410;
  scene.log.append({addition_note(4)});
  scene.settle();
  REQUIRE(scene.row(subscription).state == SubscriptionState::quarantined);
  CHECK(scene.state(10) == DeliveryState::quarantined);
}

}  // namespace cpl::testing::entry_deliveries_test
