#include "registry/base/metric_text.hpp"

namespace cpl {
namespace {

// Microseconds as seconds, without a zero too many: "0.0025", "10".
std::string seconds(std::uint64_t microseconds) {
  constexpr std::uint64_t of_a_second = 1'000'000;
  std::string fraction = std::to_string(of_a_second + microseconds % of_a_second).substr(1);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  const std::string whole = std::to_string(microseconds / of_a_second);
  return fraction.empty() ? whole : whole + "." + fraction;
}

}  // namespace

void MetricText::begin(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
  text_.append(name).append(" ").append(type).append("\n");
}

void MetricText::sample(std::string_view label, std::string_view label_value, std::uint64_t value) {
  text_.append(name_).append("{").append(label).append("=\"");
  for (const char c : label_value) {
    if (c == '\\' || c == '"') text_ += '\\';
    text_ += c >= 0x20 && c < 0x7F ? c : '?';
  }
  text_.append("\"} ").append(std::to_string(value)).append("\n");
}

void MetricText::single(std::string_view name, std::string_view type, std::string_view help,
                        std::uint64_t value) {
  begin(name, type, help);
  text_.append(name).append(" ").append(std::to_string(value)).append("\n");
}

void MetricText::histogram(std::string_view name, std::string_view help,
                           const HistogramCounts& counts) {
  begin(name, "histogram", help);
  const std::string base(name);
  name_ = base + "_bucket";
  std::uint64_t up_to = 0;
  for (std::size_t i = 0; i < histogram_bounds.size(); ++i) {
    up_to += counts.counts[i];
    sample("le", seconds(histogram_bounds[i]), up_to);
  }
  up_to += counts.counts.back();
  sample("le", "+Inf", up_to);
  text_.append(base).append("_sum ").append(seconds(counts.total_microseconds)).append("\n");
  text_.append(base).append("_count ").append(std::to_string(up_to)).append("\n");
}

}  // namespace cpl
