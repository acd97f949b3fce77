#include "registry/base/time.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::time_test {

TEST_CASE("time: an instant is written in one way, with and without milliseconds") {
  const UnixMillis time{1'783'591'200'123};
  CHECK(format_time(time) == "2026-07-09T10:00:00Z");
  CHECK(format_time_millis(time) == "2026-07-09T10:00:00.123Z");
  CHECK(format_time_millis(UnixMillis{0}) == "1970-01-01T00:00:00.000Z");
  CHECK(format_time_millis(UnixMillis{86'399'999}) == "1970-01-01T23:59:59.999Z");
}

TEST_CASE("time: what was written is read back") {
  for (const std::uint64_t value :
       {0ULL, 1ULL, 999ULL, 951'782'400'000ULL, 1'783'591'200'123ULL, 253'402'300'799'999ULL}) {
    const UnixMillis time{value};
    CHECK(parse_time_millis(format_time_millis(time)) == time);
    CHECK(parse_time(format_time(time)) == UnixMillis{value / 1000 * 1000});
  }
}

TEST_CASE("time: every other spelling is refused") {
  for (const char* text : {"",
                           "2026-07-09",
                           "2026-07-09T10:00:00",
                           "2026-07-09T10:00:00+00:00",
                           "2026-07-09t10:00:00Z",
                           "2026-07-09 10:00:00Z",
                           "2026-07-09T10:00:00z",
                           "2026-07-09T10:00Z",
                           "2026-07-09T24:00:00Z",
                           "2026-07-09T10:60:00Z",
                           "2026-07-09T10:00:60Z",
                           "2026-7-09T10:00:00Z",
                           "2026-07-09T1:00:00ZZ",
                           "2026-13-09T10:00:00Z",
                           "2026-02-29T10:00:00Z",
                           "2026-00-01T10:00:00Z",
                           "1969-12-31T23:59:59Z",
                           "+026-07-09T10:00:00Z",
                           "2026-07-09T10:00:00.000Z",
                           " 2026-07-09T10:00:00",
                           "2026-07-09T-1:00:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text).has_value());
  }
  for (const char* text :
       {"2026-07-09T10:00:00Z", "2026-07-09T10:00:00.12Z", "2026-07-09T10:00:00.1234Z",
        "2026-07-09T10:00:00,123Z", "2026-07-09T10:00:00.12aZ", "2026-07-09T10:00:60.000Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time_millis(text).has_value());
  }
}

TEST_CASE("date: a day exists or is refused") {
  for (const char* text : {"1970-01-01", "2000-02-29", "2024-02-29", "9999-12-31"}) {
    CAPTURE(text);
    REQUIRE(Date::parse(text).has_value());
    CHECK(Date::parse(text)->text() == text);
  }
  for (const char* text :
       {"", "2026-02-29", "1900-02-29", "2026-04-31", "2026-00-10", "2026-10-00", "1969-12-31",
        "2026-1-01", "20260101", "2026/01/01", "2026-01-01 ", "2O26-01-01"}) {
    CAPTURE(text);
    CHECK_FALSE(Date::parse(text).has_value());
  }
}

TEST_CASE("date: days sort as they read, and an instant belongs to its day in UTC") {
  const auto date = [](std::string_view text) { return *Date::parse(text); };
  CHECK(date("2026-07-09") < date("2026-07-10"));
  CHECK(date("2026-12-31") < date("2027-01-01"));
  CHECK(Date::of(UnixMillis{1'783'591'200'123}) == date("2026-07-09"));
  CHECK(Date::of(UnixMillis{date("2026-07-10").midnight().value - 1}) == date("2026-07-09"));
  CHECK(Date::of(date("2026-07-10").midnight()) == date("2026-07-10"));
  CHECK(format_time(date("2026-07-10").midnight()) == "2026-07-10T00:00:00Z");
  CHECK(date("2026-07-10").year() == 2026);
}

TEST_CASE("date: years are added by the calendar, and 29 February becomes 1 March") {
  const auto date = [](std::string_view text) { return *Date::parse(text); };
  CHECK(date("2022-08-30").plus_years(6) == date("2028-08-30"));
  CHECK(date("2024-02-29").plus_years(4) == date("2028-02-29"));
  CHECK(date("2024-02-29").plus_years(6) == date("2030-03-01"));
}

}  // namespace cpl::testing::time_test
