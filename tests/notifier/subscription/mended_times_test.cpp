// What a clock that was ahead has written in a subscription's row.
#include "notifier/subscription/mended_times.hpp"

#include "notifier/subscription/service_event.hpp"
#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing::mended_times_test {
namespace {

constexpr std::uint64_t day = 24 * hour;
const EventOptions events{"https://log.example/cpl", "example.cpl", std::chrono::hours(24)};
constexpr std::chrono::minutes weekly{7 * 24 * 60};

UnixMillis later(std::uint64_t millis) { return UnixMillis{start_time.value + millis}; }

Subscription mended(Subscription row) {
  mend_times(row, start_time, events, weekly);
  return row;
}

}  // namespace

TEST_CASE("mended times: what a clock that was ahead has written holds up nothing") {
  Subscription row;
  row.id = "sub_0123456789abcdef0123";
  row.state = GENERATE(SubscriptionState::pending, SubscriptionState::active,
                       SubscriptionState::quarantined);
  row.attempt = GENERATE(0U, 1U, 4U, 300U);
  row.audience = GENERATE(Audience::parties, Audience::service_desk);
  for (const std::uint64_t ahead : {hour * 2, 10 * hour, 20 * day}) {
    row.next_attempt_at = later(ahead);
    row.checkpoint_told = row.canary_told = row.digest_told = later(ahead);
    row.old_keys = {{0, later(ahead)}};
    const Subscription now = mended(row);
    // At once, or when the schedule could have it at the latest.
    CHECK((now.next_attempt_at == start_time || now.next_attempt_at <= later(29 * hour)));
    if (row.attempt == 0) CHECK(now.next_attempt_at == start_time);
    CHECK(now.checkpoint_told <= start_time);
    CHECK(now.canary_told <= start_time);
    CHECK(now.digest_told <= start_time);
    CHECK(next_digest_day(now) <= later(day));
    CHECK(now.old_keys[0].until <= later(7 * day));
  }
}

TEST_CASE("mended times: what a clock that was right has written stays") {
  Subscription row;
  row.id = "sub_0123456789abcdef0123";
  row.state = SubscriptionState::active;
  row.attempt = 9;
  row.next_attempt_at = later(28 * hour);
  row.checkpoint_told = row.canary_told = row.digest_told = UnixMillis{start_time.value - 40 * day};
  row.old_keys = {{0, later(6 * day)}};
  CHECK(encode(mended(row)) == encode(row));
}

TEST_CASE("mended times: a service that starts with its clock put right delivers at once") {
  NotifierFixture fixture;
  const UnixMillis right = fixture.log.clock.now();
  fixture.log.clock.advance(20 * day);
  const auto made = fixture.subscribe("https://a.example/");
  fixture.settle();
  const auto known = fixture.received("https://a.example/").size();
  CHECK(known == story_events.size());
  fixture.endpoint("https://a.example/").status = 500;
  REQUIRE(fixture.notifier->replay("Party", made.id, EntryIndex{0}));
  fixture.settle();
  fixture.endpoint("https://a.example/").status = 204;
  fixture.close();
  fixture.log.clock.set(right);
  fixture.open();
  fixture.settle();
  CHECK(fixture.received("https://a.example/").size() == known + story_events.size());
}

}  // namespace cpl::testing::mended_times_test
