#include "registry/base/london.hpp"

#include <chrono>

namespace cpl {
namespace {

constexpr std::uint64_t millis_per_hour = 3'600'000;

}  // namespace

bool is_summer_time(UnixMillis time) {
  using namespace std::chrono_literals;
  using std::chrono::sys_days;
  const std::chrono::sys_seconds at{std::chrono::seconds(time.value / 1000)};
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(at));
  const auto last_sunday = [&](std::chrono::month month) {
    return sys_days(day.year() / month / std::chrono::Sunday[std::chrono::last]) + 1h;
  };
  return at >= last_sunday(std::chrono::March) && at < last_sunday(std::chrono::October);
}

Date london_day(UnixMillis time) {
  return Date::of(UnixMillis{time.value + (is_summer_time(time) ? millis_per_hour : 0)});
}

UnixMillis london_midnight(const Date& day) {
  const UnixMillis midnight = day.midnight();
  if (midnight.value < millis_per_hour) return midnight;
  const UnixMillis in_summer{midnight.value - millis_per_hour};
  return is_summer_time(in_summer) ? in_summer : midnight;
}

}  // namespace cpl
