#include "registry/query/months.hpp"

#include "registry/base/london.hpp"

namespace cpl {
namespace {

constexpr std::size_t month_size = 7;

}  // namespace

bool is_month(std::string_view text) {
  return text.size() == month_size && text.starts_with("2") &&
         Date::parse(std::string(text) + "-01").has_value();
}

std::string month_plus(const std::string& month, int months) {
  const int all = std::stoi(month.substr(0, 4)) * 12 + std::stoi(month.substr(5)) - 1 + months;
  const int number = all % 12 + 1;
  return std::to_string(all / 12) + (number < 10 ? "-0" : "-") + std::to_string(number);
}

std::string month_of(const Date& day) { return day.text().substr(0, month_size); }

std::string month_of(UnixMillis time) { return month_of(london_day(time)); }

UnixMillis beginning_of_month(const std::string& month) {
  return london_midnight(*Date::parse(month + "-01"));
}

}  // namespace cpl
