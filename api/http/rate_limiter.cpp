#include "api/http/rate_limiter.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t whole_token = 1000;

}  // namespace

bool RateLimiter::allow(const std::string& address, UnixMillis now, std::size_t count) {
  const Lock lock(mutex_);
  // Full of addresses: all start with full buckets again, which forgets offenders but not bounds.
  if (buckets_.size() >= options_.addresses_max && !buckets_.contains(address)) buckets_.clear();
  const auto [at, is_new] =
      buckets_.try_emplace(address, Bucket{options_.burst * whole_token, now});
  Bucket& bucket = at->second;
  if (now > bucket.filled) {
    const std::uint64_t gained = (now.value - bucket.filled.value) * options_.per_second;
    bucket.millitokens = std::min(options_.burst * whole_token, bucket.millitokens + gained);
    bucket.filled = now;
  }
  const std::uint64_t wanted = std::min<std::uint64_t>(count, options_.burst) * whole_token;
  if (bucket.millitokens < wanted) return false;
  bucket.millitokens -= wanted;
  return true;
}

}  // namespace cpl
