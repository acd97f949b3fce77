#include "registry/base/histogram.hpp"

#include <algorithm>

namespace cpl {

void Histogram::add(std::chrono::microseconds took) {
  const auto microseconds = static_cast<std::uint64_t>(std::max(took, took.zero()).count());
  const auto* const bound =
      std::lower_bound(histogram_bounds.begin(), histogram_bounds.end(), microseconds);
  counts_[static_cast<std::size_t>(bound - histogram_bounds.begin())].fetch_add(
      1, std::memory_order_relaxed);
  total_microseconds_.fetch_add(microseconds, std::memory_order_relaxed);
}

HistogramCounts Histogram::counts() const {
  HistogramCounts read;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    read.counts[i] = counts_[i].load(std::memory_order_relaxed);
  }
  read.total_microseconds = total_microseconds_.load(std::memory_order_relaxed);
  return read;
}

}  // namespace cpl
