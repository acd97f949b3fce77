#include "notifier/cosign/cosigner.hpp"
#include "registry/base/metric_text.hpp"

namespace cpl {

std::string cosigner_metrics(const CosignerStats& stats) {
  MetricText text;
  text.single("cpl_witness_alarm", "gauge", "1 after a witness proved a fork of this log.",
              stats.alarm.empty() ? 0 : 1);
  text.single("cpl_published_size", "gauge", "Entries under the checkpoint that is published.",
              stats.published.value);
  text.single("cpl_published_quorum", "gauge",
              "1 while what is published has the quorum of the witnesses.", stats.quorum ? 1 : 0);
  const auto each = [&](std::string_view name, std::string_view type, std::string_view help,
                        const auto& value) {
    text.begin(name, type, help);
    for (const WitnessStatus& witness : stats.witnesses) {
      text.sample("witness", witness.name, value(witness));
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
  return text.take();
}

}  // namespace cpl
