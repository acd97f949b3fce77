// A receiver that cannot answer OPTIONS by itself: a person consents at the address that the
// request named.
#include "notifier/subscription/late_consent.hpp"

#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing::late_consent_test {
namespace {

const std::string url = "https://a.example/";

// The token in the last OPTIONS request that the endpoint had.
std::string named_token(NotifierFixture& fixture) {
  constexpr std::string_view address = "https://log.example/v1/validate/";
  const auto& asked = fixture.endpoint(url).asked;
  REQUIRE_FALSE(asked.empty());
  const auto& headers = asked.back().headers;
  const auto named = std::find_if(headers.begin(), headers.end(), [](const auto& header) {
    return header.first == "webhook-request-callback";
  });
  REQUIRE(named != headers.end());
  REQUIRE(named->second.starts_with(address));
  return named->second.substr(address.size());
}

Subscription asked_in_vain(NotifierFixture& fixture) {
  fixture.endpoint(url).consents = false;
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  CHECK(fixture.row(subscription).state == SubscriptionState::pending);
  CHECK(fixture.endpoint(url).challenges.empty());
  return subscription;
}

}  // namespace

TEST_CASE("late consent: given by hand it is good once, for one URL, and over a restart") {
  NotifierFixture fixture;
  const Subscription subscription = asked_in_vain(fixture);
  const std::string token = named_token(fixture);
  CHECK(subscription_of_token(token) == subscription.id);
  CHECK(fixture.notifier->awaits_consent_by(token));
  REQUIRE(fixture.notifier->consent(token));
  CHECK_FALSE(fixture.notifier->awaits_consent_by(token));
  CHECK(fixture.notifier->consent(token).error().code == "token-unknown");
  fixture.open();
  CHECK_FALSE(fixture.notifier->awaits_consent_by(token));
  fixture.log.clock.advance(11'000);
  fixture.settle();
  // It still had to show that it holds the secret.
  CHECK(fixture.endpoint(url).challenges.size() == 1);
  CHECK(fixture.endpoint(url).asked.size() == 1);
  CHECK(fixture.row(subscription).state == SubscriptionState::active);
  CHECK_FALSE(fixture.row(subscription).consented_late);
  CHECK(fixture.received(url) == story_events);
}

TEST_CASE("late consent: a challenge that fails costs no second consent") {
  NotifierFixture fixture;
  fixture.endpoint(url).echoes = false;
  const Subscription subscription = asked_in_vain(fixture);
  REQUIRE(fixture.notifier->consent(named_token(fixture)));
  fixture.log.clock.advance(11'000);
  fixture.settle();
  CHECK(fixture.endpoint(url).challenges.size() == 1);
  CHECK(fixture.row(subscription).state == SubscriptionState::pending);
  fixture.endpoint(url).echoes = true;
  fixture.log.clock.advance(hour);
  fixture.settle();
  CHECK(fixture.endpoint(url).challenges.size() == 2);
  CHECK(fixture.row(subscription).state == SubscriptionState::active);
}

TEST_CASE("late consent: one octet off, another URL and a retired subscription are unknown") {
  NotifierFixture fixture;
  const Subscription subscription = asked_in_vain(fixture);
  const std::string token = named_token(fixture);
  const auto refused = [&](const std::string& with) {
    const auto given = fixture.notifier->consent(with);
    return given.has_error() && given.error().code == "token-unknown" &&
           !fixture.notifier->awaits_consent_by(with);
  };
  std::string forged = token;
  forged.back() = forged.back() == 'A' ? 'E' : 'A';
  CHECK(refused(forged));
  CHECK(refused(subscription.id));
  CHECK(refused(subscription.id + "."));
  CHECK(refused(""));
  CHECK(refused(token + "A"));
  REQUIRE(fixture.notifier->change("Party", subscription.id, "https://b.example/", std::nullopt));
  CHECK(refused(token));
  REQUIRE(fixture.notifier->change("Party", subscription.id, url, std::nullopt));
  CHECK_FALSE(refused(token));
  REQUIRE(fixture.notifier->retire("Party", subscription.id));
  CHECK(refused(token));
}

TEST_CASE("late consent: a consent about to run out is renewed by hand, without a pause") {
  NotifierFixture fixture;
  const std::uint64_t day = 24 * hour;
  const Subscription subscription = fixture.subscribe(url);
  fixture.settle();
  REQUIRE(fixture.row(subscription).state == SubscriptionState::active);
  CHECK_FALSE(fixture.notifier->awaits_consent_by(named_token(fixture)));
  fixture.endpoint(url).consents = false;
  fixture.log.clock.advance(80 * day);
  fixture.settle();
  const std::string token = named_token(fixture);
  REQUIRE(fixture.notifier->consent(token));
  CHECK(fixture.row(subscription).verified == fixture.log.clock.now());
  CHECK(fixture.row(subscription).state == SubscriptionState::active);
  CHECK(fixture.notifier->consent(token).error().code == "token-unknown");
}

}  // namespace cpl::testing::late_consent_test
