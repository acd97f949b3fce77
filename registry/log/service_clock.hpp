// The time that a service goes by: the machine's clock, as far as the time that has passed bears it
// out. Whatever waits goes by this one, so that nothing waits for weeks because the machine's clock
// was ahead for a minute, and nothing is over before its time.
//
// It never goes back. Where the machine's clock differs a little it runs at half or double speed
// until they agree; where it differs by more, it goes on with the time that passes, and says that
// the time must not go into the log (`fault`).
#pragma once

#include <filesystem>

#include "crypto/mutex.hpp"
#include "registry/base/clock.hpp"

namespace cpl {

// What was known of the time last, and when that was by the stopwatch.
struct KnownTime {
  UnixMillis time;
  std::chrono::microseconds elapsed{};
  // The last entry's time that an operator has accepted though it was ahead of a clock that was
  // right; 0: none.
  UnixMillis accepted;

  bool operator==(const KnownTime&) const = default;
};

class ServiceClock final : public Clock {
 public:
  // `known` is of an earlier run, if it is kept. The references outlive the clock.
  ServiceClock(const Clock& machine, const Stopwatch& stopwatch,
               const std::optional<KnownTime>& known);

  UnixMillis now() const override;
  std::optional<Error> fault() const override;

  // That this time had come when the run began, where nothing better is known. Before `now` is
  // first asked.
  void expect(UnixMillis time);
  // An operator has compared the machine's clock with another one.
  void believe_machine();

  // To be kept for the next run.
  KnownTime known() const;

 private:
  struct State {
    std::chrono::microseconds time{};
    std::chrono::microseconds elapsed{};
    std::chrono::microseconds ahead{};  // Of the machine's clock.
  };
  State advance() const REQUIRES(mutex_);
  void begin(std::chrono::microseconds expected) REQUIRES(mutex_);

  const Clock& machine_;  // Constant after construction, as is the next.
  const Stopwatch& stopwatch_;

  mutable Mutex mutex_;
  mutable State state_ GUARDED_BY(mutex_);
  bool is_known_ GUARDED_BY(mutex_) = false;
};

// In the service's data folder. Nothing where there is none, or where it cannot be read: what is in
// it can be done without.
std::optional<KnownTime> read_known_time(const std::filesystem::path& file);
Result<void> write_known_time(const std::filesystem::path& file, const KnownTime& known);

}  // namespace cpl
