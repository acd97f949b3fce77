// The only source of the present time; passed in, so that a test or a simulation owns it.
#pragma once

#include <chrono>
#include <optional>

#include "crypto/result.hpp"
#include "registry/base/time.hpp"

namespace cpl {

// How far a clock may be from what the time that passes gives. Of two entries the later may be as
// far ahead of the clock (I5): so what a wrong clock did within it holds up nobody once it is
// right.
inline constexpr std::chrono::minutes clock_step_max{15};

// "3 hours", "2 days": rounded down, for a sentence.
std::string span_text(std::chrono::seconds span);

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMillis now() const = 0;  // Any thread.
  // Why the time must not go into the log; mostly nothing. Any thread.
  virtual std::optional<Error> fault() const { return std::nullopt; }
};

// As the machine's clock says, wherever somebody has set it to.
class SystemClock final : public Clock {
 public:
  UnixMillis now() const override;
};

// Time that passes, which nobody can set.
class Stopwatch {
 public:
  virtual ~Stopwatch() = default;
  // Since some moment; never less than before. Any thread.
  virtual std::chrono::microseconds elapsed() const = 0;
};

// Since the machine was started, its sleep included.
class UptimeStopwatch final : public Stopwatch {
 public:
  std::chrono::microseconds elapsed() const override;
};

}  // namespace cpl
