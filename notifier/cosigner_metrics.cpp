#include "notifier/cosigner.hpp"

namespace cpl {
namespace {

// A name is any octets; a label is printable text in quotes.
std::string label(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '\\' || c == '"') text += '\\';
    text += c >= 0x20 && c < 0x7F ? c : '?';
  }
  return "{witness=\"" + text + "\"} ";
}

}  // namespace

std::string cosigner_metrics(const CosignerStats& stats) {
  std::string out;
  const auto begin = [&](std::string_view name, std::string_view type, std::string_view help) {
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
    out.append(name).append(" ").append(type).append("\n");
  };
  const auto single = [&](std::string_view name, std::string_view help, std::uint64_t value) {
    begin(name, "gauge", help);
    out.append(name).append(" ").append(std::to_string(value)).append("\n");
  };
  single("cpl_witness_alarm", "1 after a witness contradicted this log.",
         stats.alarm.empty() ? 0 : 1);
  single("cpl_published_size", "Entries under the checkpoint that is published.",
         stats.published.value);
  single("cpl_published_quorum", "1 while what is published has the quorum of the witnesses.",
         stats.quorum ? 1 : 0);
  const auto each = [&](std::string_view name, std::string_view type, std::string_view help,
                        const auto& value) {
    begin(name, type, help);
    for (const WitnessStatus& witness : stats.witnesses) {
      out.append(name).append(label(witness.name)).append(std::to_string(value(witness)));
      out.append("\n");
    }
  };
  each("cpl_witness_last_size", "gauge", "The size that the witness last cosigned; 0: not known.",
       [](const WitnessStatus& witness) { return witness.last_size.value; });
  each("cpl_witness_last_success_seconds", "gauge",
       "When the witness last cosigned, POSIX time; 0: not since the start.",
       [](const WitnessStatus& witness) {
         return witness.last_success ? witness.last_success->value / 1000 : 0;
       });
  each("cpl_witness_failures_total", "counter", "Requests that brought no cosignature.",
       [](const WitnessStatus& witness) { return witness.failures; });
  return out;
}

}  // namespace cpl
