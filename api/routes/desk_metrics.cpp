#include "api/routes/desk_metrics.hpp"

#include "registry/base/metric_text.hpp"

namespace cpl {
Result<std::string> DeskMetrics::metrics(const LogView& log, UnixMillis now) {
  const Lock lock(mutex_);
  TRY_VOID(clocks_.follow(log));
  MetricText text;
  text.begin("cpl_desk_notices", "gauge", "Notices to the Service Desk, by their state.");
  for (std::size_t state = 0; state < notice_state_words.size(); ++state) {
    text.sample("state", notice_state_words[state], clocks_.notices()[state]);
  }
  text.begin("cpl_desk_clocks_late", "gauge", "Steps of removals that are not done and overdue.");
  for (std::size_t step = 0; step < desk_step_words.size(); ++step) {
    const auto& open = clocks_.open();
    const auto late = std::count_if(open.begin(), open.end(), [&](const OpenClock& one) {
      return static_cast<std::size_t>(one.clock.step) == step && one.clock.is_late(now);
    });
    text.sample("step", desk_step_words[step], static_cast<std::uint64_t>(late));
  }
  return text.take();
}

}  // namespace cpl
