// How long something takes, over all the times that it was done: counts by upper bounds that are
// the same for everything, so that figures can be laid beside each other. Adding to it takes no
// lock, and no room that grows.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace cpl {

// In microseconds: from what is found in memory to what a person waits for.
inline constexpr std::array<std::uint64_t, 14> histogram_bounds{
    100,    250,    500,     1'000,   2'500,   5'000,     10'000,
    25'000, 50'000, 100'000, 250'000, 500'000, 1'000'000, 10'000'000};

// As read at some time: what was added meanwhile may be in one count and not yet in another.
struct HistogramCounts {
  // How many took as long as a bound and longer than the one before; the last is beyond them all.
  std::array<std::uint64_t, histogram_bounds.size() + 1> counts{};
  std::uint64_t total_microseconds = 0;
};

class Histogram {
 public:
  void add(std::chrono::microseconds took);  // Any thread.
  HistogramCounts counts() const;            // Any thread.

 private:
  // Apart from what other threads write beside it.
  alignas(64) std::array<std::atomic<std::uint64_t>, histogram_bounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> total_microseconds_{0};
};

}  // namespace cpl
