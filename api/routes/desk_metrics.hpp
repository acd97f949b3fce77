// What lies before the DCC Service Desk: how many notices stand in each state, and how many of
// their clocks are late.
#pragma once

#include "crypto/mutex.hpp"
#include "registry/query/open_clocks.hpp"

namespace cpl {

struct DeskOptions {
  DeskLimits limits;
  WorkingDays calendar = WorkingDays::built_in();
  std::string contact;  // Whom the desk calls where something does not fit; may be empty.
};

class DeskMetrics {
 public:
  explicit DeskMetrics(DeskOptions options)
      : options_(std::move(options)), clocks_(options_.limits, options_.calendar) {}

  // Lines for /metrics; any thread.
  Result<std::string> metrics(const LogView& log, UnixMillis now);

 private:
  const DeskOptions options_;
  Mutex mutex_;
  OpenClocks clocks_ GUARDED_BY(mutex_);
};

}  // namespace cpl
