#include "notifier/subscription/delivery.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::delivery_test {

namespace {

constexpr UnixMillis now{1'000'000'000'000};

Result<Delivered> answer(unsigned status, std::optional<std::string> retry_after = {}) {
  Delivered delivered;
  delivered.status = status;
  delivered.retry_after = std::move(retry_after);
  return delivered;
}
Result<Delivered> no_answer() {
  return Error{Errc::unavailable, "timeout", "the endpoint did not answer in time", 0};
}

Subscription at_cursor(std::uint64_t cursor, Audience audience = Audience::parties) {
  Subscription subscription;
  subscription.id = "sub_1";
  subscription.state = SubscriptionState::active;
  subscription.audience = audience;
  subscription.cursor = EntryIndex{cursor};
  return subscription;
}

// Seconds until the next attempt, with the random spread in its middle.
std::uint64_t delay_after(Subscription& subscription, const Result<Delivered>& outcome) {
  note_outcome(subscription, subscription.cursor, outcome, now, 0.5);
  return (subscription.next_attempt_at.value - now.value) / 1000;
}

}  // namespace

TEST_CASE("delivery: a success moves the cursor behind the event and forgets the failures") {
  Subscription subscription = at_cursor(7);
  note_outcome(subscription, EntryIndex{9}, no_answer(), now, 0.5);
  CHECK(subscription.attempt == 1);
  CHECK_FALSE(subscription.last_failure.empty());
  note_outcome(subscription, EntryIndex{9}, answer(204), now, 0.5);
  CHECK(subscription.cursor == EntryIndex{10});
  CHECK(subscription.delivered == EntryIndex{9});
  CHECK(subscription.attempt == 0);
  CHECK(subscription.last_failure.empty());
  CHECK(subscription.deliveries == 1);
}

TEST_CASE("delivery: redirects, refusals and server errors are all failures") {
  for (const unsigned status : {301U, 302U, 400U, 401U, 404U, 410U, 422U, 429U, 500U, 503U}) {
    Subscription subscription = at_cursor(3);
    note_outcome(subscription, EntryIndex{3}, answer(status), now, 0.5);
    CHECK(subscription.cursor == EntryIndex{3});
    CHECK(subscription.attempt == 1);
    CHECK(subscription.next_attempt_at > now);
  }
}

TEST_CASE("delivery: a Party is tried on the published schedule, then once an hour") {
  Subscription subscription = at_cursor(0);
  const std::vector<std::uint64_t> schedule = {5,     300,   1800,  7200, 18000,
                                               36000, 50400, 72000, 86400};
  for (const std::uint64_t delay : schedule) {
    CHECK(delay_after(subscription, no_answer()) == delay);
    CHECK(subscription.state == SubscriptionState::active);
  }
  CHECK(delay_after(subscription, no_answer()) == 3600);
  CHECK(subscription.state == SubscriptionState::quarantined);
  CHECK(delay_after(subscription, answer(200)) == 0);
  CHECK(subscription.state == SubscriptionState::active);
}

TEST_CASE("delivery: the Service Desk is tried every five minutes for two days") {
  Subscription subscription = at_cursor(0, Audience::service_desk);
  for (const std::uint64_t delay : {5U, 30U, 60U, 300U, 300U, 300U}) {
    CHECK(delay_after(subscription, no_answer()) == delay);
  }
  while (subscription.state == SubscriptionState::active) {
    note_outcome(subscription, EntryIndex{0}, no_answer(), now, 0.5);
    REQUIRE(subscription.attempt < 1000);
  }
  CHECK(subscription.attempt > 2 * 86'400 / 300);
}

TEST_CASE("delivery: an endpoint that says it is gone is quarantined at once") {
  Subscription subscription = at_cursor(0);
  CHECK(delay_after(subscription, answer(410)) == 3600);
  CHECK(subscription.state == SubscriptionState::quarantined);
}

TEST_CASE("delivery: Retry-After is honoured up to an hour, and nonsense is not") {
  Subscription subscription = at_cursor(0);
  CHECK(delay_after(subscription, answer(429, "120")) == 120);
  subscription = at_cursor(0);
  CHECK(delay_after(subscription, answer(503, "999999")) == 3600);
  subscription = at_cursor(0);
  CHECK(delay_after(subscription, answer(503, "-5")) == 5);
  // A date, to come and in the past: `now` is 2001-09-09T01:46:40Z.
  for (const char* date : {"Sun, 09 Sep 2001 01:47:20 GMT", "Sunday, 09-Sep-01 01:47:20 GMT",
                           "Sun Sep  9 01:47:20 2001", "0040"}) {
    subscription = at_cursor(0);
    CHECK(delay_after(subscription, answer(503, date)) == 40);
  }
  subscription = at_cursor(0);
  CHECK(delay_after(subscription, answer(503, "99999999999999999999999")) == 3600);
  subscription = at_cursor(0);
  CHECK(delay_after(subscription, answer(503, "Sat, 09 Sep 2000 01:47:20 GMT")) == 5);
  subscription = at_cursor(0);
  CHECK(delay_after(subscription, answer(500, "120")) == 5);
}

TEST_CASE("delivery: the desk's endpoint is tried on though it says that it is gone") {
  Subscription subscription = at_cursor(0);
  subscription.audience = Audience::service_desk;
  CHECK(delay_after(subscription, answer(410)) == 5);
  CHECK(subscription.state == SubscriptionState::active);
}

TEST_CASE("delivery: the spread keeps many endpoints from coming back at once") {
  Subscription early = at_cursor(0);
  Subscription late = at_cursor(0);
  note_outcome(early, EntryIndex{0}, no_answer(), now, 0.0);
  note_outcome(late, EntryIndex{0}, no_answer(), now, 1.0);
  CHECK(early.next_attempt_at.value - now.value == 4000);
  CHECK(late.next_attempt_at.value - now.value == 6000);
}

}  // namespace cpl::testing::delivery_test
