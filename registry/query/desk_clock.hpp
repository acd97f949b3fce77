// The clocks that run on a removal, from the Panel's decision to its application by the DCC: when
// each started, when it is due, and when the step was done. What the Code sets is one Working Day
// from the decision to the notice, and 24 hours for the DCC to apply a changed list; both figures,
// and the operator's own for the Service Desk's receipts, are configuration.
#pragma once

#include <vector>

#include "registry/base/words.hpp"
#include "registry/log/log_view.hpp"
#include "registry/query/working_days.hpp"

namespace cpl {

struct DeskLimits {
  unsigned notify_working_days = 1;   // From the decision's day to the notice.
  std::uint64_t receive_hours = 24;   // From the notice to the desk's first receipt.
  std::uint64_t validate_hours = 24;  // From the notice to `validated` or `rejected`.
  std::uint64_t apply_hours = 24;     // From the first removal in effect to `applied`.
  std::uint64_t load_hours = 24;      // From the publication of a version to `loaded`.
};

enum class DeskStep : std::uint8_t { notify, receive, validate, apply };
inline constexpr std::array<std::string_view, 4> desk_step_words = {"notify", "receive", "validate",
                                                                    "apply"};
template <>
struct Words<DeskStep> {
  static constexpr const auto& list = desk_step_words;
};

struct DeskClock {
  DeskStep step{};
  UnixMillis since;
  UnixMillis due;
  std::optional<UnixMillis> done;  // By the log's own time.

  bool is_open() const { return !done; }
  // Done too late, or not done by now.
  bool is_late(UnixMillis now) const { return done.value_or(now) > due; }
};

// The clocks that have started, in the order of the steps. A rejected notice has no `apply`.
Result<std::vector<DeskClock>> desk_clocks(const LogView& log, const NoticeRecord& notice,
                                           const DeskLimits& limits, const WorkingDays& calendar);

}  // namespace cpl
