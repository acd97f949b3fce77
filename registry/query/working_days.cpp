#include "registry/query/working_days.hpp"

#include <nlohmann/json.hpp>

#include "registry/base/json.hpp"
#include "registry/base/london.hpp"

namespace cpl {

extern const std::string_view working_days_england_and_wales;

namespace {

constexpr std::uint64_t millis_per_day = 86'400'000;
constexpr std::size_t holidays_max = 10'000;
constexpr std::size_t text_max = 200;

// Days since 1970-01-01, a Thursday.
bool is_weekend(const Date& day) {
  const std::uint64_t since_monday = (day.midnight().value / millis_per_day + 3) % 7;
  return since_monday >= 5;
}

void read_holidays(const Json& list, std::set<Date>& holidays, FieldErrors& errors) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto day =
        list[i].is_string() ? Date::parse(list[i].get_ref<const std::string&>()) : std::nullopt;
    if (!day) {
      errors.push_back({"#/holidays/" + std::to_string(i), "must be a date such as 2026-12-25"});
    } else {
      holidays.insert(*day);
    }
  }
}

}  // namespace

Result<WorkingDays> WorkingDays::parse(BytesView json) {
  const Json value = TRY(parse_json(json));
  FieldErrors errors;
  FieldReader reader(value, "#", errors);
  const auto from = reader.date("from");
  const auto to = reader.date("to");
  const std::string name = reader.text("name", text_max);
  const std::string version = reader.text("version", text_max);
  reader.text("source", text_max);
  std::set<Date> holidays;
  read_holidays(reader.array("holidays", 0, holidays_max), holidays, errors);
  reader.done();
  if (from && to && *to < *from) errors.push_back({"#/to", "must not be before from"});
  if (!errors.empty()) {
    return malformed("calendar-malformed",
                     "the calendar of Working Days is invalid: " + describe(errors));
  }
  WorkingDays calendar(*from, *to);
  calendar.name_ = name;
  calendar.version_ = version;
  calendar.holidays_ = std::move(holidays);
  return calendar;
}

const WorkingDays& WorkingDays::built_in() {
  static const WorkingDays calendar = [] {
    auto parsed = parse(working_days_england_and_wales);
    check(parsed.has_value());
    return *std::move(parsed);
  }();
  return calendar;
}

bool WorkingDays::is_working(const Date& day) const {
  return !is_weekend(day) && holidays_.count(day) == 0;
}

UnixMillis WorkingDays::end_of(const Date& after, unsigned days) const {
  UnixMillis midnight = after.midnight();  // Of the calendar alone, where each day is as long.
  for (unsigned passed = 0; passed < days;) {
    midnight.value += millis_per_day;
    if (is_working(Date::of(midnight))) ++passed;
  }
  return london_midnight(Date::of(UnixMillis{midnight.value + millis_per_day}));
}

}  // namespace cpl
