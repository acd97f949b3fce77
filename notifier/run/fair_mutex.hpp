// A mutex that is had in the order in which it is asked for, so that who holds it for long can let
// in those who wait, between two pieces of its work, and be next itself.
#pragma once

#include <cstdint>

#include "crypto/mutex.hpp"

namespace cpl {

class CAPABILITY("mutex") FairMutex {
 public:
  void lock() ACQUIRE() {
    Lock lock(mutex_);
    const std::uint64_t mine = next_++;
    turn_.wait(lock, [&]() REQUIRES(mutex_) { return serving_ == mine; });
  }
  void unlock() RELEASE() {
    {
      const Lock lock(mutex_);
      ++serving_;
    }
    turn_.notify_all();
  }

  // Whether somebody waits for the one who holds it.
  bool is_wanted() const {
    const Lock lock(mutex_);
    return next_ - serving_ > 1;
  }

 private:
  mutable Mutex mutex_;
  Condition turn_;
  std::uint64_t next_ GUARDED_BY(mutex_) = 0;
  std::uint64_t serving_ GUARDED_BY(mutex_) = 0;
};

}  // namespace cpl
