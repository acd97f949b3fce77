// How many statements one address may submit: a bucket of tokens that fills steadily. Bounded
// memory; any thread.
#pragma once

#include <string>
#include <unordered_map>

#include "crypto/mutex.hpp"
#include "registry/base/time.hpp"

namespace cpl {

class RateLimiter {
 public:
  struct Options {
    std::uint64_t per_second = 2'000;
    std::uint64_t burst = 20'000;
    std::size_t addresses_max = 10'000;
  };

  explicit RateLimiter(Options options) : options_(options) {}

  // Whether so many more are allowed now: all of them or none. More than a whole burst are allowed
  // when that is there.
  bool allow(const std::string& address, UnixMillis now, std::size_t count = 1);

 private:
  struct Bucket {
    std::uint64_t millitokens = 0;
    UnixMillis filled;
  };

  const Options options_;
  Mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_ GUARDED_BY(mutex_);
};

}  // namespace cpl
