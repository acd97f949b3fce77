#include "api/pages/asked_day.hpp"

#include "registry/base/london.hpp"

namespace cpl {
namespace {

std::string padded(const std::string& text, std::size_t size) {
  return text.size() < size ? std::string(size - text.size(), '0') + text : text;
}

// The day after, by way of noon: no day is longer than 25 hours.
Date next_day(const Date& day) {
  constexpr std::uint64_t a_day_and_a_half = 36ULL * 3'600'000;
  return Date::of(UnixMillis{day.midnight().value + a_day_and_a_half});
}

}  // namespace

DayParts asked_parts(const PageRequest& request) {
  return {std::string(request.asked("day")), std::string(request.asked("month")),
          std::string(request.asked("year"))};
}

Result<std::optional<AskedDay>> asked_day(const PageRequest& request) {
  const DayParts given = asked_parts(request);
  if (given.day.empty() && given.month.empty() && given.year.empty()) {
    return std::optional<AskedDay>();
  }
  const auto day = Date::parse(padded(given.year, 4) + "-" + padded(given.month, 2) + "-" +
                               padded(given.day, 2));
  if (!day) {
    return malformed("day-malformed",
                     "This is not a day of the calendar. Give the day, the month and the year as "
                     "numbers, such as 9, 7 and 2026.");
  }
  return std::optional(AskedDay{*day, london_midnight(*day),
                                UnixMillis{london_midnight(next_day(*day)).value - 1000}});
}

}  // namespace cpl
