#include "tools/shared/uk_time.hpp"

#include <chrono>

#include "registry/base/london.hpp"

namespace cpl {
namespace {

using std::chrono::sys_seconds;

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string two_digits(std::chrono::seconds::rep number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::string uk_time(UnixMillis time) {
  const sys_seconds utc{std::chrono::seconds(time.value / 1000)};
  const bool summer = is_summer_time(time);
  const sys_seconds local = utc + std::chrono::hours(summer ? 1 : 0);
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day day(midnight);
  const std::chrono::hh_mm_ss clock(local - midnight);
  return std::to_string(static_cast<unsigned>(day.day())) + " " +
         std::string(months[static_cast<unsigned>(day.month()) - 1]) + " " +
         std::to_string(static_cast<int>(day.year())) + " " + two_digits(clock.hours().count()) +
         ":" + two_digits(clock.minutes().count()) + ":" + two_digits(clock.seconds().count()) +
         (summer ? " BST" : " GMT");
}

}  // namespace cpl
