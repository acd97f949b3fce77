// Tells the operator of stored data that could not be read. Whoever asked for it is told that there
// is a fault, and no more: names of files and the database's own words are not for them.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "crypto/mutex.hpp"
#include "crypto/result.hpp"
#include "registry/base/time.hpp"

namespace cpl {

// Whether the error is a fault of stored data.
bool is_fault(const Error& error);

class FaultTeller {
 public:
  using Tell = std::function<void(const std::string& sentence)>;

  explicit FaultTeller(Tell tell) : tell_(std::move(tell)) {}  // May be empty.

  // Counts it, and tells of it unless it was told in the last minute: one damaged block may be
  // asked for a thousand times. Any thread.
  void meet(const Error& fault, UnixMillis now);
  // Tells of what is the operator's business and no fault of stored data, as often.
  void tell(const std::string& sentence, UnixMillis now);
  std::uint64_t count() const { return count_; }

 private:
  const Tell tell_;
  std::atomic<std::uint64_t> count_{0};
  Mutex mutex_;
  std::map<std::string, UnixMillis> told_ GUARDED_BY(mutex_);  // When, by sentence.
};

}  // namespace cpl
