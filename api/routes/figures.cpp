// What became of the list by month, and how the clocks of removals were kept.
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "api/routes/notices.hpp"
#include "api/routes/reads.hpp"
#include "registry/base/london.hpp"
#include "registry/query/change_months.hpp"
#include "registry/query/desk_performance.hpp"
#include "registry/query/months.hpp"

namespace cpl {
namespace {

constexpr int counted_months_max = 120;
constexpr int counted_months_default = 12;
constexpr std::size_t steps_told_max = 500;  // Of those late or open, each.

Result<std::string> month_asked(const Call& call, std::string_view name, std::string fallback) {
  const auto text = call.request.parameter(name);
  if (!text) return fallback;
  if (is_month(*text)) return std::string(*text);
  return malformed("parameter-malformed", std::string(name) + " must be a month such as 2027-03");
}

// The month of the last entry: so the answer follows from the log alone.
Result<std::string> last_month(const LogView& log) {
  if (log.size().value == 0) return std::string("2000-01");
  return month_of(TRY(log.entry(EntryIndex{log.size().value - 1})).time);
}

Result<std::optional<Date>> day_asked(const Call& call, std::string_view name) {
  const auto text = call.request.parameter(name);
  if (!text) return std::optional<Date>();
  auto day = Date::parse(*text);
  if (day) return day;
  return malformed("parameter-malformed", std::string(name) + " must be a day such as 2027-03-31");
}

UnixMillis end_of_day(const Date& day) {
  constexpr std::uint64_t millis_per_day = 86'400'000;
  return london_midnight(Date::of(UnixMillis{day.midnight().value + millis_per_day}));
}

Json step_list(const std::vector<StepOfNotice>& steps) {
  Json list = Json::array();
  for (const auto& [notice, clock] : steps) {
    if (list.size() == steps_told_max) break;
    list.push_back({{"notice", notice.value},
                    {"since", format_time(clock.since)},
                    {"due", format_time(clock.due)},
                    {"done", clock.done ? Json(format_time(*clock.done)) : Json()}});
  }
  return list;
}

Json step_json(const StepPerformance& step) {
  return {{"step", word_of(step.step)},
          {"in_time", step.in_time},
          {"late", step.late.size()},
          {"open", step.open.size()},
          {"late_steps", step_list(step.late)},
          {"open_steps", step_list(step.open)},
          {"median_seconds", step.median ? Json(*step.median) : Json()},
          {"worst_seconds", step.worst ? Json(*step.worst) : Json()}};
}

}  // namespace

Result<HttpResponse> list_change_months(const Call& call) {
  const std::string newest = TRY(last_month(call.log));
  const std::string to = TRY(month_asked(call, "to", newest));
  const std::string from =
      TRY(month_asked(call, "from", month_plus(to, 1 - counted_months_default)));
  if (from > to || month_plus(from, counted_months_max) <= to) {
    return malformed("parameter-malformed", "from must be a month before to, or the same, and " +
                                                std::to_string(counted_months_max) +
                                                " months at most are counted");
  }
  const ChangeMonths counted = TRY(change_months(call.log, from, to));
  Json months = Json::array();
  for (const MonthOfChanges& month : counted.months) {
    months.push_back({{"month", month.month},
                      {"added", month.added},
                      {"removed", month.removed},
                      {"reinstated", month.reinstated},
                      {"corrected", month.corrected}});
  }
  call.keep = Call::Keep::at_size;
  return json_response(200, {{"log_size", call.log.size().value},
                             {"months", std::move(months)},
                             {"next", counted.next ? Json(*counted.next) : Json()}});
}

Result<HttpResponse> NoticeRoutes::performance(const Call& call) const {
  const auto from = TRY(day_asked(call, "from"));
  const auto to = TRY(day_asked(call, "to"));
  const UnixMillis begin = from ? london_midnight(*from) : UnixMillis{0};
  // The last day counts whole.
  const UnixMillis end = to ? end_of_day(*to) : UnixMillis{json_integer_max};
  const DeskPerformance counted =
      TRY(desk_performance(call.log, begin, end, desk.limits, desk.calendar));
  Json steps = Json::array();
  for (const StepPerformance& step : counted.steps) steps.push_back(step_json(step));
  call.keep = Call::Keep::at_size;
  return json_response(
      200, {{"log_size", call.log.size().value},
            {"notices", counted.notices},
            {"notices_are_all", counted.is_all},
            {"steps", std::move(steps)},
            {"calendar", {{"name", desk.calendar.name()}, {"version", desk.calendar.version()}}}});
}

}  // namespace cpl
