#include "registry/clock.hpp"

#include <chrono>

namespace cpl {

UnixMillis SystemClock::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return UnixMillis{static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count())};
}

}  // namespace cpl
