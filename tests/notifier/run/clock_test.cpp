// A clock that was ahead for a while: what it left behind holds up nobody.
#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing::clock_test {
namespace {

constexpr std::uint64_t day = 24 * hour;
const std::string url = "https://a.example/";

// Runs `during` while the clock is so far ahead.
template <class During>
void with_clock_ahead(NotifierFixture& fixture, std::uint64_t millis, const During& during) {
  const UnixMillis before = fixture.log.clock.now();
  fixture.log.clock.advance(millis);
  during();
  fixture.log.clock.set(UnixMillis{before.value + 1000});
}

}  // namespace

TEST_CASE("notifier clock: who was verified while it was ahead is told at once of what comes") {
  for (const bool restarted : {false, true}) {
    for (const std::uint64_t ahead : {hour / 60, 12 * hour, 21 * day}) {
      CAPTURE(restarted, ahead);
      NotifierFixture fixture;
      with_clock_ahead(fixture, ahead, [&] {
        fixture.subscribe(url);
        fixture.settle();
        REQUIRE(fixture.received(url) == story_events);
      });
      if (restarted) fixture.open();
      fixture.log.append({addition_note(4)});
      fixture.settle();
      CHECK(fixture.received(url).back() == 10);
    }
  }
}

TEST_CASE("notifier clock: who was asked while it was ahead is asked again within a minute") {
  NotifierFixture fixture;
  fixture.endpoint(url).consents = false;
  const Subscription subscription = fixture.subscribe(url);
  with_clock_ahead(fixture, 12 * hour, [&] {
    REQUIRE(fixture.notifier->verify("Party", subscription.id));
    fixture.settle();
  });
  fixture.endpoint(url).consents = true;
  fixture.settle();
  fixture.log.clock.advance(hour / 60);
  fixture.settle();
  CHECK(fixture.row(subscription).state == SubscriptionState::active);
}

TEST_CASE("notifier clock: what failed while it was ahead is tried again as the schedule says") {
  NotifierFixture fixture;
  fixture.subscribe(url);
  fixture.settle();
  fixture.endpoint(url).status = 500;
  fixture.log.append({addition_note(4)});
  with_clock_ahead(fixture, 12 * hour, [&] { fixture.settle(); });
  fixture.endpoint(url).status = 204;
  fixture.settle();
  fixture.log.clock.advance(7'000);
  fixture.settle();
  CHECK(fixture.received(url).back() == 10);
}

TEST_CASE("notifier clock: a receiver's rate is kept, and no longer, after it was ahead") {
  NotifierFixture fixture;
  fixture.endpoint(url).rate = "6";
  fixture.subscribe(url);
  with_clock_ahead(fixture, 12 * hour, [&] { fixture.settle(); });
  fixture.settle();
  for (std::size_t i = 0; i <= story_events.size(); ++i) {
    fixture.log.clock.advance(10'000);
    fixture.settle();
  }
  CHECK(fixture.received(url) == story_events);
}

TEST_CASE("notifier clock: the daily checkpoint comes though one of a day to come was told") {
  NotifierFixture fixture;
  fixture.checkpoint_interval = std::chrono::hours(24);
  fixture.open();
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  with_clock_ahead(fixture, 30 * day, [&] { fixture.settle(); });
  fixture.settle();
  const std::size_t told = fixture.endpoint(url).messages.size();
  fixture.log.clock.advance(25 * hour);
  fixture.settle();
  CHECK(fixture.endpoint(url).messages.size() == told + 1);
  CHECK(fixture.row(subscription).checkpoint_told <= fixture.log.clock.now());
}

}  // namespace cpl::testing::clock_test
