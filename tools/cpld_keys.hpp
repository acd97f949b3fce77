// The log's own keys, from their files.
#pragma once

#include "registry/log.hpp"
#include "tools/config.hpp"

namespace cpl {

// The log's own key, and the one before it while readers change over.
struct LogKeys {
  NoteSigner newest;
  std::optional<NoteSigner> old;

  const NoteSigner* old_key() const { return old ? &*old : nullptr; }
};

Result<LogKeys> read_log_keys(const Config& config);
// Where the Panel names the log's keys, auditors ask for one of those.
void warn_of_log_key(const Log& log, const LogKeys& keys);

}  // namespace cpl
