// What the times in statements may say: what is said to have happened has, and nothing takes effect
// before what it follows. The clocks of those who sign may differ by some minutes.
#include "registry/base/london.hpp"
#include "registry/rules/detail.hpp"

namespace cpl::rules {
namespace {

// Later than anybody announces a removal: a slip of the pen, or meant to keep others out.
constexpr std::uint64_t ahead_millis_max = 10 * 366 * std::uint64_t{86'400'000};

Error implausible(std::string detail, int rule) {
  return refuse("time-implausible", std::move(detail), rule);
}

UnixMillis earlier_by(UnixMillis time, std::uint64_t millis) {
  return UnixMillis{time.value - std::min(time.value, millis)};
}

}  // namespace

bool has_come(const Date& date, UnixMillis now) {
  return date <= london_day(UnixMillis{now.value + clock_skew_millis_max});
}

Result<void> check_date_came(const std::string& what, const Date& date, UnixMillis now) {
  if (has_come(date, now)) return {};
  return implausible(what + " is of " + date.text() + ", which is still to come", 8);
}

Result<void> check_concerns_since(const std::optional<Date>& day, UnixMillis now) {
  if (!day || has_come(*day, now)) return {};
  return implausible(
      "devices are said to be affected from " + day->text() + " on, which is still to come", 8);
}

Result<void> check_not_before(UnixMillis time, UnixMillis earliest, const std::string& what,
                              int rule) {
  if (time >= earlier_by(earliest, clock_skew_millis_max)) return {};
  return implausible(format_time(time) + " is before " + what + ", " + format_time(earliest), rule);
}

Result<void> check_after_decision(UnixMillis time, const DecisionRecord& decision, int rule) {
  const Date& day = decision.decision.date;
  if (time >= london_midnight(day)) return {};
  return implausible(format_time(time) + " is before the decision in " + name_of(decision.entry) +
                         " was taken, on " + day.text(),
                     rule);
}

Result<void> check_not_far(UnixMillis time, UnixMillis now, int rule) {
  if (time.value <= now.value + ahead_millis_max) return {};
  return implausible(format_time(time) + " is more than ten years from now", rule);
}

Result<void> check_has_happened(UnixMillis time, UnixMillis now, int rule) {
  if (time.value <= now.value + clock_skew_millis_max) return {};
  return implausible(format_time(time) + " is yet to come", rule);
}

}  // namespace cpl::rules
