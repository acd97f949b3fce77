// What a person says once, at a start of the service.
#pragma once

#include <filesystem>

#include "api/accounts/journal.hpp"
#include "registry/upkeep/log_data.hpp"

namespace cpl {

struct StartOptions {
  std::filesystem::path port_file;
  Begin begin = Begin::log_that_is_there;
  bool clear_alarm = false;
  bool clock_is_right = false;
};

// Who has the machine may do more than who has the operator's token: that leaves a line, too.
void record_start(Journal& journal, const StartOptions& start);

}  // namespace cpl
