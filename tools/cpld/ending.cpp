#include "tools/cpld/ending.hpp"

namespace cpl {

Ending wait_for_end(const sigset_t& signals, const LogData& data, const Config& config) {
  constexpr std::chrono::seconds pause{2};
  if (!data.awaits_writing) {
    wait_for_stop(signals);
    return Ending::stopped;
  }
  while (!wait_for_stop(signals, pause)) {
    if (try_to_write(config.data_dir)) return Ending::to_be_opened_again;
  }
  return Ending::stopped;
}

}  // namespace cpl
