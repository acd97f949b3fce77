#include "tools/shared/uk_time.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::uk_time_test {

namespace {

std::string told(std::string_view utc) { return uk_time(*parse_time(utc)); }

}  // namespace

TEST_CASE("uk time: an hour ahead of UTC in summer, from and to one in the morning UTC") {
  CHECK(told("2026-01-15T12:00:00Z") == "15 Jan 2026 12:00:00 GMT");
  CHECK(told("2026-07-09T10:15:30Z") == "9 Jul 2026 11:15:30 BST");
  CHECK(told("2026-03-29T00:59:59Z") == "29 Mar 2026 00:59:59 GMT");
  CHECK(told("2026-03-29T01:00:00Z") == "29 Mar 2026 02:00:00 BST");
  CHECK(told("2026-10-25T00:59:59Z") == "25 Oct 2026 01:59:59 BST");
  CHECK(told("2026-10-25T01:00:00Z") == "25 Oct 2026 01:00:00 GMT");
  CHECK(told("2026-06-30T23:30:00Z") == "1 Jul 2026 00:30:00 BST");
}

TEST_CASE("uk time: a day is written as people write it") {
  CHECK(uk_day(*Date::parse("2026-07-09")) == "9 Jul 2026");
  CHECK(uk_day(*Date::parse("2026-12-31")) == "31 Dec 2026");
}

TEST_CASE("uk time: the times in a sentence are told as people read them, and nothing else is") {
  CHECK(in_uk_time("in effect since 2026-07-09T10:15:30Z, entry 7") ==
        "in effect since 9 Jul 2026 11:15:30 BST, entry 7");
  CHECK(in_uk_time("2026-01-15T12:00:00.123Z 2026-01-15T12:00:00Z") ==
        "15 Jan 2026 12:00:00 GMT 15 Jan 2026 12:00:00 GMT");
  CHECK(in_uk_time("2026-13-15T12:00:00Z, 2026-01-15 and 1507") ==
        "2026-13-15T12:00:00Z, 2026-01-15 and 1507");
  CHECK(in_uk_time("").empty());
}

}  // namespace cpl::testing::uk_time_test
