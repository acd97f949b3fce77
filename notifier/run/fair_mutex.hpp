// A mutex that is had in the order in which it is asked for, so that who holds it for long can let
// in those who wait, between two pieces of its work, and be next itself.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace cpl {

class FairMutex {
 public:
  void lock() {
    std::unique_lock lock(mutex_);
    const std::uint64_t mine = next_++;
    turn_.wait(lock, [&] { return serving_ == mine; });
  }
  void unlock() {
    {
      const std::lock_guard lock(mutex_);
      ++serving_;
    }
    turn_.notify_all();
  }

  // Whether somebody waits for the one who holds it.
  bool is_wanted() const {
    const std::lock_guard lock(mutex_);
    return next_ - serving_ > 1;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t next_ = 0;  // Guarded by mutex_, as is the next.
  std::uint64_t serving_ = 0;
};

}  // namespace cpl
