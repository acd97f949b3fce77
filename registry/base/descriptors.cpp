#include "registry/base/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace cpl {
namespace {

constexpr std::uint64_t limit_max = std::uint64_t{1} << 20U;  // Where the system sets none.
constexpr std::uint64_t tables_max = 512;
constexpr std::uint64_t tables_min = 20;  // RocksDB takes no fewer.
constexpr std::uint64_t sending_max = 256;
constexpr std::uint64_t kept_max = 1'000;
constexpr std::uint64_t sending_min = 4;
constexpr std::uint64_t others_max = 256;
constexpr std::uint64_t others_min = 12;

}  // namespace

DescriptorShares share_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  DescriptorShares shares;
  shares.limit = std::min<std::uint64_t>(limit.rlim_cur, limit_max);
  shares.tables = std::clamp(shares.limit / 8, tables_min, tables_max);
  shares.sending = std::clamp(shares.limit / 32, sending_min, sending_max);
  shares.kept = std::clamp(shares.limit / 16, sending_min, kept_max);
  shares.others = std::clamp(shares.limit / 8, others_min, others_max);
  return shares;
}

std::uint64_t raise_descriptor_limit(std::uint64_t wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur;
}

}  // namespace cpl
