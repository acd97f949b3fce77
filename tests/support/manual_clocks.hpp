// A machine's clock and a stopwatch in a test's hands: time passes on both, and the clock can be
// set to anything.
#pragma once

#include "registry/base/clock.hpp"
#include "tests/support/log_fixture.hpp"

namespace cpl::testing {

class MachineClock final : public Clock {
 public:
  UnixMillis now() const override {
    const std::int64_t time = static_cast<std::int64_t>(true_time.value) + wrong_by;
    return UnixMillis{static_cast<std::uint64_t>(std::max<std::int64_t>(time, 0))};
  }
  UnixMillis true_time = start_time;
  std::int64_t wrong_by = 0;  // Milliseconds.
};

class ManualStopwatch final : public Stopwatch {
 public:
  std::chrono::microseconds elapsed() const override { return time; }
  std::chrono::microseconds time{std::chrono::hours(1)};
};

struct ManualClocks {
  void pass(std::uint64_t millis) {
    machine.true_time.value += millis;
    stopwatch.time += std::chrono::milliseconds(millis);
  }
  // The machine is off for so long, and is started anew.
  void restart_machine(std::uint64_t millis) {
    machine.true_time.value += millis;
    stopwatch.time = std::chrono::seconds(20);
  }

  MachineClock machine;
  ManualStopwatch stopwatch;
};

}  // namespace cpl::testing
