// Who is told when a step of a removal is late: the Parties that the operator names, one after
// another the longer it lasts. They hear of it on their own verified subscriptions.
#pragma once

#include <set>

#include "notifier/subscription/subscription.hpp"
#include "registry/query/open_clocks.hpp"

namespace cpl {

struct EscalationLevel {
  std::string party;
  std::uint64_t after_hours = 0;  // From when the step was due.
};

struct EscalationOptions {
  DeskLimits limits;
  WorkingDays calendar = WorkingDays::built_in();
  std::vector<EscalationLevel> levels;
};

// One Party that is to hear of one late step.
struct LateStep {
  std::string party;
  ClockNews news;
  bool tickets_only = false;  // The Party hears of it in the notice's ticket alone.

  Bytes key() const;  // In the store, once the Party was told.
};

class Escalation {
 public:
  // `options.levels` empty: nobody is told of anything.
  explicit Escalation(EscalationOptions options);

  // Takes from the store whom an earlier life told of what.
  Result<void> load(const Store& store);
  // What nobody was told of yet, though it is time. `at_once` hear of each step as soon as it is
  // late, beside the levels.
  Result<std::vector<LateStep>> late(const LogView& log, UnixMillis now,
                                     const std::vector<std::string>& at_once = {});
  void told(const LateStep& step) { told_.insert(step.key()); }
  // When the next step will be late enough, as far as is known.
  std::optional<UnixMillis> next(UnixMillis now) const;

 private:
  const std::vector<EscalationLevel> levels_;
  std::vector<EscalationLevel> now_told_;  // The levels, and those who heard at once last.
  OpenClocks clocks_;
  std::set<Bytes> told_;
};

}  // namespace cpl
