// The steps of all removals that are not done yet, and how many notices stand in each state.
// Counted anew only when the log grew.
#pragma once

#include <array>

#include "registry/query/desk_clock.hpp"

namespace cpl {

struct OpenClock {
  EntryIndex notice;
  std::size_t models = 0;  // That the notice names.
  DeskClock clock;
};

class OpenClocks {
 public:
  OpenClocks(DeskLimits limits, WorkingDays calendar)
      : limits_(limits), calendar_(std::move(calendar)) {}

  // Brings it up to the log's size.
  Result<void> follow(const LogView& log);

  const std::vector<OpenClock>& open() const { return open_; }  // The newest notice's first.
  // By NoticeState.
  const std::array<std::uint64_t, notice_state_words.size()>& notices() const { return notices_; }

 private:
  DeskLimits limits_;
  WorkingDays calendar_;
  TreeSize counted_at_;
  std::array<std::uint64_t, notice_state_words.size()> notices_{};
  std::vector<OpenClock> open_;
};

}  // namespace cpl
