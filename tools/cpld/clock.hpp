// The service's time: it goes on from what the last run knew, keeps that for the next, and tells
// the journal when the machine's clock goes wrong, and when it is right again.
#pragma once

#include <filesystem>
#include <thread>

#include "crypto/mutex.hpp"
#include "registry/log/log.hpp"
#include "registry/log/service_clock.hpp"

namespace cpl {

class KeptClock {
 public:
  explicit KeptClock(const std::filesystem::path& data_dir);
  ~KeptClock();  // Stops.
  KeptClock(const KeptClock&) = delete;
  KeptClock& operator=(const KeptClock&) = delete;

  const ServiceClock& clock() const { return clock_; }
  // Once the log is open, and before its first statement. The log outlives this object.
  void settle(Log& log, bool clock_is_right);
  void start();  // Not where the data is damaged: its folder stays as it was found.
  void stop();

 private:
  void run();
  void look();
  void keep();

  const std::filesystem::path file_;
  const SystemClock machine_;
  const UptimeStopwatch stopwatch_;
  ServiceClock clock_;
  UnixMillis accepted_;
  const Log* log_ = nullptr;
  bool was_wrong_ = false;

  Mutex mutex_;
  Condition wake_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace cpl
