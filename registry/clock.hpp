// The only source of the present time; passed in, so that a test or a simulation owns it.
#pragma once

#include "registry/time.hpp"

namespace cpl {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMillis now() const = 0;  // Any thread.
};

class SystemClock final : public Clock {
 public:
  UnixMillis now() const override;
};

}  // namespace cpl
