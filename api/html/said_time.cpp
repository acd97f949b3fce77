#include "api/html/said_time.hpp"

#include <array>

#include "registry/base/london.hpp"

namespace cpl {
namespace {

constexpr std::array<std::string_view, 12> months = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::uint64_t hour_millis = 3'600'000;

// Of "2026-07" or longer.
std::string_view month_name(std::string_view text) {
  const int month = (text[5] - '0') * 10 + (text[6] - '0');
  return months[static_cast<std::size_t>(month - 1) % months.size()];
}

}  // namespace

std::string said_month(std::string_view month) {
  const bool is_one = Date::parse(std::string(month) + "-01").has_value();
  if (!is_one) return std::string(month);
  return std::string(month_name(month)) + " " + std::string(month.substr(0, 4));
}

std::string said_day(const Date& day) {
  const std::string_view text = day.text();
  const std::string_view number = text.substr(text[8] == '0' ? 9 : 8);
  return std::string(number) + " " + said_month(text.substr(0, 7));
}

std::string said_time(UnixMillis time) {
  const bool summer = is_summer_time(time);
  const UnixMillis local{time.value + (summer ? hour_millis : 0)};
  const std::string clock = format_time(local).substr(11, 8);
  return clock + (summer ? " BST, " : " GMT, ") + said_day(Date::of(local));
}

void write_time(HtmlWriter& html, std::string_view text) {
  const auto day = Date::parse(text);
  auto time = parse_time(text);
  if (!time) time = parse_time_millis(text);
  if (!day && !time) {
    html.text(text);
    return;
  }
  html.markup("<time datetime=\"").text(text).markup("\">");
  html.text(day ? said_day(*day) : said_time(*time)).markup("</time>");
}

}  // namespace cpl
