// Figures in the text form of Prometheus: a line of help and one of kind for each metric, then its
// samples.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "registry/base/histogram.hpp"

namespace cpl {

class MetricText {
 public:
  // Samples of several labels follow.
  void begin(std::string_view name, std::string_view type, std::string_view help);
  // Of the metric that was begun; the value may be any octets.
  void sample(std::string_view label, std::string_view label_value, std::uint64_t value);
  // A metric with one sample and no label.
  void single(std::string_view name, std::string_view type, std::string_view help,
              std::uint64_t value);

  // In seconds, as Prometheus wants times: a count up to each bound, their sum and how many.
  void histogram(std::string_view name, std::string_view help, const HistogramCounts& counts);

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::string name_;
};

}  // namespace cpl
