// The calendar of Working Days: the built-in one, and those that operators bring.
#include "registry/query/working_days.hpp"

#include <catch2/catch.hpp>

#include "registry/base/london.hpp"

namespace cpl::testing::working_days_test {

namespace {

Date day(std::string_view text) {
  const auto date = Date::parse(text);
  REQUIRE(date);
  return *date;
}

std::string end_of(std::string_view after, unsigned days) {
  return format_time(WorkingDays::built_in().end_of(day(after), days));
}

// The Monday after a Good Friday, computed as the almanac does (the anonymous Gregorian computus).
Date easter_monday(int year) {
  const int a = year % 19;
  const int b = year / 100;
  const int c = year % 100;
  const int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
  const int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
  const std::string month = std::to_string(f / 31);
  const std::string number = std::to_string(f % 31 + 1);
  const Date sunday = day(std::to_string(year) + "-0" + month + "-" +
                          std::string(number.size() == 1 ? "0" : "") + number);
  return Date::of(UnixMillis{sunday.midnight().value + 86'400'000});
}

}  // namespace

TEST_CASE("working days: no Saturday, Sunday, Christmas Day, Good Friday or bank holiday") {
  const WorkingDays& days = WorkingDays::built_in();
  CHECK(days.is_working(day("2026-11-27")));        // A Friday.
  CHECK_FALSE(days.is_working(day("2026-11-28")));  // A Saturday.
  CHECK_FALSE(days.is_working(day("2026-11-29")));  // A Sunday.
  CHECK_FALSE(days.is_working(day("2026-12-25")));
  CHECK_FALSE(days.is_working(day("2026-12-28")));  // In place of Boxing Day, a Saturday.
  CHECK(days.is_working(day("2026-12-29")));
  CHECK_FALSE(days.is_working(day("2016-03-25")));  // Good Friday after the 30th meeting.
  CHECK_FALSE(days.is_working(day("2022-09-19")));
}

TEST_CASE("working days: Easter is where the almanac has it in every year that is covered") {
  const WorkingDays& days = WorkingDays::built_in();
  for (int year = 2016; year <= 2028; ++year) {
    CAPTURE(year);
    const Date monday = easter_monday(year);
    const Date friday = Date::of(UnixMillis{monday.midnight().value - 3ULL * 86'400'000});
    CHECK_FALSE(days.is_working(monday));
    CHECK_FALSE(days.is_working(friday));
    CHECK(days.covers(friday));
    CHECK_FALSE(days.is_working(day(std::to_string(year) + "-12-25")));
  }
  CHECK_FALSE(days.covers(day("2029-01-01")));
  CHECK_FALSE(days.covers(day("2015-12-31")));
}

TEST_CASE("working days: so many end at the midnight after the last of them") {
  CHECK(end_of("2016-03-10", 1) == "2016-03-12T00:00:00Z");  // Thursday: by the end of Friday.
  CHECK(end_of("2016-03-11", 1) == "2016-03-15T00:00:00Z");  // Friday: by the end of Monday.
  CHECK(end_of("2016-03-12", 1) == "2016-03-15T00:00:00Z");  // Saturday: the same.
  CHECK(end_of("2016-03-24", 1) == "2016-03-29T23:00:00Z");  // Before Easter: Tuesday.
  CHECK(end_of("2026-12-24", 3) == "2027-01-01T00:00:00Z");
  CHECK(end_of("2026-12-24", 4) == "2027-01-05T00:00:00Z");
}

TEST_CASE("working days: a day ends at midnight in London, on either side of summer time") {
  CHECK(end_of("2026-03-26", 1) == "2026-03-28T00:00:00Z");  // The last Friday of winter,
  CHECK(end_of("2026-03-27", 1) == "2026-03-30T23:00:00Z");  // and the first Monday of summer.
  CHECK(end_of("2026-06-30", 1) == "2026-07-01T23:00:00Z");
  CHECK(end_of("2026-10-22", 1) == "2026-10-23T23:00:00Z");  // The last Friday of summer,
  CHECK(end_of("2026-10-23", 1) == "2026-10-27T00:00:00Z");  // and the first Monday of winter.
}

TEST_CASE("london: every moment of two years is of the day that its midnights enclose") {
  constexpr std::uint64_t quarter = 900'000;
  const std::uint64_t end = day("2028-01-01").midnight().value;
  std::size_t hours_of_changes = 0;
  for (UnixMillis at = day("2026-01-01").midnight(); at.value < end; at.value += quarter) {
    const Date today = london_day(at);
    const Date tomorrow = Date::of(UnixMillis{today.midnight().value + 86'400'000});
    REQUIRE(london_midnight(today) <= at);
    REQUIRE(at < london_midnight(tomorrow));
    const std::uint64_t length = london_midnight(tomorrow).value - london_midnight(today).value;
    if (length != 86'400'000) ++hours_of_changes;
  }
  // One day a year is an hour shorter, and one an hour longer.
  CHECK(hours_of_changes == 2 * (23 + 25) * 4);
}

TEST_CASE("working days: a calendar of the operator's own, and what is wrong with one") {
  const auto own = WorkingDays::parse(
      R"({"name":"Scotland","version":"1","source":"gov.scot","from":"2026-01-01",)"
      R"("to":"2026-12-31","holidays":["2026-01-02","2026-11-30"]})");
  REQUIRE(own);
  CHECK(own->name() == "Scotland");
  CHECK_FALSE(own->is_working(day("2026-11-30")));
  CHECK(own->is_working(day("2026-04-06")));

  const auto fault = [](std::string_view json) {
    const auto parsed = WorkingDays::parse(json);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == "calendar-malformed");
    return parsed.error().detail;
  };
  CHECK_THAT(fault(R"({"name":"x","version":"1","source":"y","from":"2026-01-01",)"
                   R"("to":"2025-01-01","holidays":["25 December"],"more":1})"),
             Catch::Contains("holidays, item 1: must be a date") &&
                 Catch::Contains("to: must not be before from") && Catch::Contains("more"));
  CHECK_FALSE(WorkingDays::parse("[]"));
  CHECK_FALSE(WorkingDays::parse("{"));
}

}  // namespace cpl::testing::working_days_test
