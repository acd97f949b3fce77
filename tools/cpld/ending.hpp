// When the service has served long enough.
#pragma once

#include "registry/upkeep/log_data.hpp"
#include "tools/cpld/config.hpp"
#include "tools/shared/stop_signals.hpp"

namespace cpl {

enum class Ending : std::uint8_t { stopped, to_be_opened_again };

// A log that could not be written to when it was opened is opened again as soon as it can be.
Ending wait_for_end(const sigset_t& signals, const LogData& data, const Config& config);

}  // namespace cpl
