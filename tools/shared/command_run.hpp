// Runs a command that the operator named: no shell, and bounded in time.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

// Words parted by spaces; '…' and "…" keep what is between them together, verbatim. Nothing is
// expanded.
Result<std::vector<std::string>> split_command(std::string_view text);

// With `input` as its standard input; what it prints goes where this program's own output goes. An
// error is that it could not be started, did not end in time (it and its children are killed) or
// ended with another status than 0. The caller ignores SIGPIPE.
Result<void> run_command(const std::vector<std::string>& words, BytesView input,
                         std::chrono::milliseconds time_max);

}  // namespace cpl
