#include "registry/base/metric_text.hpp"

namespace cpl {

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

}  // namespace cpl
