// What of a decision is not done yet.
#pragma once

#include "registry/log/log_view.hpp"
#include "registry/query/working_days.hpp"

namespace cpl {

struct DecisionProgress {
  // Those that it names and that are not yet, or not again, as it says; and it may still be done.
  std::vector<ModelId> remaining;
  // By when the Service Desk is to have its notice of those to be removed: while any of them is
  // under none.
  std::optional<UnixMillis> due;

  bool is_open() const { return !remaining.empty(); }
};

// A decision that authorises nothing, or that final minutes contradict, has nothing left to do; nor
// has one that is older than the model's present state.
Result<DecisionProgress> decision_progress(const List& list, const DecisionRecord& decision,
                                           unsigned notify_working_days,
                                           const WorkingDays& calendar);

}  // namespace cpl
