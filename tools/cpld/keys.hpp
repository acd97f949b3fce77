// The log's own keys, from their files.
#pragma once

#include "registry/log/log.hpp"
#include "tools/cpld/config.hpp"

namespace cpl {

// The log's own key, and the one before it while readers change over.
struct LogKeys {
  NoteSigner newest;
  std::optional<NoteSigner> old;

  const NoteSigner* old_key() const { return old ? &*old : nullptr; }
};

Result<LogKeys> read_log_keys(const Config& config);
// Refused where the log begins with another charter than the configuration names; where it has none
// yet, the first must be that one.
Result<void> pin_charter(const Config& config, Log& log);
// Where the Panel names the log's keys, auditors ask for one of those.
void warn_of_log_key(const Log& log, const LogKeys& keys);

}  // namespace cpl
