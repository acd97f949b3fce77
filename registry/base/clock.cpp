#include "registry/base/clock.hpp"

#include <ctime>

#include "crypto/encoding.hpp"

namespace cpl {

std::string span_text(std::chrono::seconds span) {
  const auto seconds = static_cast<std::uint64_t>(span.count());
  if (seconds >= 2 * 86'400) return counted(seconds / 86'400, "day");
  if (seconds >= 2 * 3'600) return counted(seconds / 3'600, "hour");
  if (seconds >= 120) return counted(seconds / 60, "minute");
  return counted(seconds, "second");
}

UnixMillis SystemClock::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return UnixMillis{static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count())};
}

std::chrono::microseconds UptimeStopwatch::elapsed() const {
  timespec uptime{};
  check(::clock_gettime(CLOCK_BOOTTIME, &uptime) == 0);
  return std::chrono::seconds(uptime.tv_sec) +
         std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::nanoseconds(uptime.tv_nsec));
}

}  // namespace cpl
