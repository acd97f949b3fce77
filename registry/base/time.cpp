#include "registry/base/time.hpp"

#include <array>
#include <cstdio>

#include "crypto/result.hpp"

namespace cpl {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::uint64_t millis_per_second = 1000;
constexpr std::uint64_t millis_per_day = 86'400 * millis_per_second;

// The digits of a fixed-width field, or nothing.
std::optional<unsigned> digits(std::string_view text) {
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

std::optional<year_month_day> parse_ymd(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = digits(text.substr(0, 4));
  const auto m = digits(text.substr(5, 2));
  const auto d = digits(text.substr(8, 2));
  if (!y || !m || !d || *y < 1970) return std::nullopt;
  const year_month_day date{year(static_cast<int>(*y)), month(*m), day(*d)};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::uint64_t millis_at_midnight(const year_month_day& date) {
  return static_cast<std::uint64_t>(sys_days(date).time_since_epoch().count()) * millis_per_day;
}

std::string format_ymd(const year_month_day& date) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

// HH:MM:SS as milliseconds of the day.
std::optional<std::uint64_t> parse_clock(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto h = digits(text.substr(0, 2));
  const auto m = digits(text.substr(3, 2));
  const auto s = digits(text.substr(6, 2));
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  return ((*h * 60ULL + *m) * 60ULL + *s) * millis_per_second;
}

std::string format_seconds(UnixMillis time) {
  const auto of_day = static_cast<unsigned>(time.value % millis_per_day / millis_per_second);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "T%02u:%02u:%02u", of_day / 3600, of_day / 60 % 60,
                of_day % 60);
  return Date::of(time).text() + text.data();
}

}  // namespace

std::string format_time(UnixMillis time) { return format_seconds(time) + "Z"; }

std::string format_time_millis(UnixMillis time) {
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03uZ",
                static_cast<unsigned>(time.value % millis_per_second));
  return format_seconds(time) + fraction.data();
}

std::optional<UnixMillis> parse_time(std::string_view text) {
  if (text.size() != 20 || text[10] != 'T' || text[19] != 'Z') return std::nullopt;
  const auto date = parse_ymd(text.substr(0, 10));
  const auto clock = parse_clock(text.substr(11, 8));
  if (!date || !clock) return std::nullopt;
  return UnixMillis{millis_at_midnight(*date) + *clock};
}

std::optional<UnixMillis> parse_time_millis(std::string_view text) {
  if (text.size() != 24 || text[19] != '.' || text[23] != 'Z') return std::nullopt;
  const auto seconds = parse_time(std::string(text.substr(0, 19)) + "Z");
  const auto fraction = digits(text.substr(20, 3));
  if (!seconds || !fraction) return std::nullopt;
  return UnixMillis{seconds->value + *fraction};
}

std::optional<Date> Date::parse(std::string_view text) {
  if (!parse_ymd(text)) return std::nullopt;
  return Date(std::string(text));
}

Date Date::of(UnixMillis time) {
  const sys_days whole_days{days(static_cast<std::int64_t>(time.value / millis_per_day))};
  return Date(format_ymd(year_month_day(whole_days)));
}

int Date::year() const { return static_cast<int>(parse_ymd(text_)->year()); }

Date Date::plus_years(int years) const {
  year_month_day date = *parse_ymd(text_) + std::chrono::years(years);
  if (!date.ok()) date = date.year() / std::chrono::March / day(1);
  return Date(format_ymd(date));
}

UnixMillis Date::midnight() const { return UnixMillis{millis_at_midnight(*parse_ymd(text_))}; }

}  // namespace cpl
