#include "notifier/subscription/verification_rate_limit.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::ask_pace_test {

namespace {

const std::string url = "https://stranger.example/hook";

}  // namespace

TEST_CASE("verification rate: one URL is asked thrice in a window, by however many subscriptions") {
  VerificationRateLimit pace;
  for (int i = 0; i < 3; ++i) CHECK_FALSE(pace.ask("party", url, UnixMillis{1000}));
  CHECK(pace.ask("party", url, UnixMillis{1001}) == UnixMillis{11'000});
  CHECK(pace.ask("party", url, UnixMillis{10'999}) == UnixMillis{11'000});
  CHECK_FALSE(pace.ask("party", url, UnixMillis{11'000}));
  CHECK_FALSE(pace.ask("another", url, UnixMillis{11'000}));
}

TEST_CASE("verification rate: one URL is asked six times a minute, however patiently") {
  VerificationRateLimit pace;
  int asked = 0;
  for (std::uint64_t second = 1; second <= 600; ++second) {
    if (!pace.ask("party", url, UnixMillis{second * 1000})) ++asked;
  }
  CHECK(asked == 60);
}

TEST_CASE("verification rate: whatever one owner asks of, another's share is whole") {
  VerificationRateLimit pace;
  for (int i = 0; i < 50'000; ++i) {
    (void)pace.ask("party", "https://h" + std::to_string(i) + ".example/", UnixMillis{1000});
  }
  for (int i = 0; i < 3; ++i) CHECK_FALSE(pace.ask("another", url, UnixMillis{1000}));
}

TEST_CASE("pace: what was noted while the clock was ahead ends with the window") {
  Pace pace({.window_millis = 10, .count = 1, .keys = 4});
  pace.note("key", UnixMillis{1'000'000});
  CHECK(pace.full_until("key", UnixMillis{1000}) == UnixMillis{1010});
  CHECK_FALSE(pace.full_until("key", UnixMillis{1010}));
}

TEST_CASE("verification rate: one host is asked ten times in a window, whatever the paths") {
  VerificationRateLimit pace;
  for (std::uint64_t i = 0; i < 10; ++i) {
    CHECK_FALSE(pace.ask("party", url + std::to_string(i), UnixMillis{1000 + i}));
  }
  CHECK(pace.ask("party", url + "?again", UnixMillis{1010}) == UnixMillis{11'000});
  CHECK_FALSE(pace.ask("party", "https://elsewhere.example/", UnixMillis{1010}));
  CHECK_FALSE(pace.ask("party", url + "?again", UnixMillis{11'000}));
}

TEST_CASE("pace: what is over is forgotten where there is much of it, and else no new one may") {
  Pace pace({.window_millis = 10, .count = 1, .keys = 4});
  for (std::uint64_t i = 0; i < 100; ++i) {
    const std::string key = "key " + std::to_string(i);
    const UnixMillis now{100 * i + 1};
    CHECK_FALSE(pace.full_until(key, now));
    pace.note(key, now);
    CHECK(pace.full_until(key, now) == UnixMillis{now.value + 10});
  }
  for (const char* key : {"a", "b", "c"}) pace.note(key, UnixMillis{9902});
  CHECK(pace.full_until("d", UnixMillis{9903}) == UnixMillis{9913});
  CHECK_FALSE(pace.full_until("d", UnixMillis{9912}));
}

}  // namespace cpl::testing::ask_pace_test
