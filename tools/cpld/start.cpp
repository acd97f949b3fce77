#include "tools/cpld/start.hpp"
#include "tools/shared/version.hpp"

#include <spdlog/spdlog.h>

namespace cpl {

void record_start(Journal& journal, const StartOptions& start) {
  std::string what = "cpld " + std::string(version) + " starts";
  if (start.begin == Begin::new_log) what += " --new-log";
  if (start.clear_alarm) what += " --clear-witness-alarm";
  if (start.clock_is_right) what += " --clock-is-right";
  const auto kept = journal.add({"machine", "", what});
  if (!kept) spdlog::error("{}", kept.error().detail);
}

}  // namespace cpl
