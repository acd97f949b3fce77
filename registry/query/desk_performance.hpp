// How the clocks of removals were kept: one Working Day, 24 hours, step by step.
#pragma once

#include "registry/query/desk_clock.hpp"

namespace cpl {

struct StepOfNotice {
  EntryIndex notice;
  DeskClock clock;
};

struct StepPerformance {
  DeskStep step{};
  std::uint64_t in_time = 0;
  std::vector<StepOfNotice> late;  // Done after they were due.
  std::vector<StepOfNotice> open;  // Not done yet; whether they are late depends on when one looks.
  // Of those that are done, in seconds; nothing where none is.
  std::optional<std::uint64_t> median;
  std::optional<std::uint64_t> worst;
};

struct DeskPerformance {
  std::vector<StepPerformance> steps;  // In their order.
  std::uint64_t notices = 0;
  bool is_all = true;  // Otherwise older notices were too many.
};

// Of the notices that were issued from `from` to before `to`.
Result<DeskPerformance> desk_performance(const LogView& log, UnixMillis from, UnixMillis to,
                                         const DeskLimits& limits, const WorkingDays& calendar);

}  // namespace cpl
