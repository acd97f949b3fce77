#include "tools/shared/uk_time.hpp"

#include <atomic>
#include <chrono>

#include "registry/base/london.hpp"

namespace cpl {
namespace {

using std::chrono::sys_seconds;

constexpr std::size_t time_size = std::string_view("2026-07-09T10:15:30Z").size();
constexpr std::size_t millis_time_size = std::string_view("2026-07-09T10:15:30.000Z").size();

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string two_digits(std::chrono::seconds::rep number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::atomic<bool>& in_utc() {
  static std::atomic<bool> chosen{false};
  return chosen;
}

std::string day_text(std::chrono::year_month_day day) {
  return std::to_string(static_cast<unsigned>(day.day())) + " " +
         std::string(months[static_cast<unsigned>(day.month()) - 1]) + " " +
         std::to_string(static_cast<int>(day.year()));
}

}  // namespace

void show_times_in_utc() { in_utc() = true; }

std::string uk_day(const Date& day) {
  const sys_seconds midnight{std::chrono::seconds(day.midnight().value / 1000)};
  return day_text(std::chrono::floor<std::chrono::days>(midnight));
}

std::string in_uk_time(std::string_view sentence) {
  std::string text;
  while (!sentence.empty()) {
    std::size_t size = time_size;
    auto time = parse_time(sentence.substr(0, size));
    if (!time) time = parse_time_millis(sentence.substr(0, size = millis_time_size));
    if (!time) size = 1;
    text += time ? uk_time(*time) : std::string(sentence.substr(0, size));
    sentence.remove_prefix(size);
  }
  return text;
}

std::string uk_time(UnixMillis time) {
  const sys_seconds utc{std::chrono::seconds(time.value / 1000)};
  const bool summer = !in_utc() && is_summer_time(time);
  const sys_seconds local = utc + std::chrono::hours(summer ? 1 : 0);
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day day(midnight);
  const std::chrono::hh_mm_ss clock(local - midnight);
  return day_text(day) + " " + two_digits(clock.hours().count()) + ":" +
         two_digits(clock.minutes().count()) + ":" + two_digits(clock.seconds().count()) +
         (in_utc() ? " UTC"
          : summer ? " BST"
                   : " GMT");
}

}  // namespace cpl
