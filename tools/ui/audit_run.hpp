// One audit of the log at a time, in a thread of its own: it goes on while nobody looks at its
// page, and what it finds is on the shelf when it ends.
#pragma once

#include <atomic>
#include <thread>

#include "crypto/mutex.hpp"
#include "tools/ui/audit_shelf.hpp"

namespace cpl {

// What is audited, by what.
struct AuditTask {
  std::string source;  // The registry's URL.
  std::string origin;  // The log that the policy means.
  TrustPolicy policy;
  AuditOptions options;
  std::chrono::seconds answer_time_max{60};  // For one answer of the registry.
  bool from_start = false;                   // Replays all, and does not go on from the last one.
};

struct AuditProgress {
  bool is_running = false;
  bool is_stopping = false;
  std::uint64_t done = 0;  // Entries.
  std::uint64_t of = 0;    // 0: it is not known yet.
  std::uint64_t entries_each_second = 0;
  std::optional<Error> failure;  // Why the last one ended without an outcome.
  std::string report;            // Of the last one that ended with one, by its name on the shelf.
};

class AuditRun {
 public:
  explicit AuditRun(const AuditShelf& shelf) : shelf_(shelf) {}  // Which outlives it.
  ~AuditRun();                                                   // Stops it.
  AuditRun(const AuditRun&) = delete;
  AuditRun& operator=(const AuditRun&) = delete;

  Result<void> start(AuditTask task);  // Error `audit-running`.
  void stop();                         // It ends soon: at its next question to the registry.
  AuditProgress progress();

 private:
  void run(AuditTask task);
  Result<std::string> audit_once(AuditTask& task);
  FetchResource stoppable(FetchResource fetch) const;

  const AuditShelf& shelf_;
  std::atomic<bool> stop_ = false;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<std::uint64_t> of_ = 0;
  Mutex mutex_;
  AuditProgress last_ GUARDED_BY(mutex_);  // Without the counts.
  std::chrono::steady_clock::time_point begun_ GUARDED_BY(mutex_);
  std::uint64_t first_done_ GUARDED_BY(mutex_) = 0;
  std::thread thread_ GUARDED_BY(mutex_);
};

}  // namespace cpl
