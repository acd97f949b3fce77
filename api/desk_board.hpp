// What lies before the DCC Service Desk: how many notices stand in each state, and how many of
// their clocks are late. Counted anew only when the log grew.
#pragma once

#include <array>
#include <mutex>

#include "registry/desk_clock.hpp"

namespace cpl {

struct DeskOptions {
  DeskLimits limits;
  WorkingDays calendar = WorkingDays::built_in();
  std::string contact;  // Whom the desk calls where something does not fit; may be empty.
};

class DeskBoard {
 public:
  explicit DeskBoard(DeskOptions options) : options_(std::move(options)) {}

  const DeskOptions& options() const { return options_; }
  // Lines for /metrics; any thread.
  Result<std::string> metrics(const LogView& log, UnixMillis now);

 private:
  Result<void> count(const LogView& log);

  const DeskOptions options_;
  std::mutex mutex_;  // Guards what follows.
  TreeSize counted_at_;
  std::array<std::uint64_t, notice_state_words.size()> notices_{};
  std::vector<DeskClock> open_;  // Of all notices.
};

}  // namespace cpl
