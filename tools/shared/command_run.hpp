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

// What a command prints, as much as is kept: the rest is read and thrown away.
struct CommandOutput {
  std::size_t size_max = std::size_t{16} << 10U;
  Bytes octets{};
  bool is_cut = false;
};

// With `input` as its standard input; what it prints goes where this program's own output goes, or
// into `output`. An error is that it could not be started, did not end in time (it and its children
// are killed) or ended with another status than 0. The caller ignores SIGPIPE.
Result<void> run_command(const std::vector<std::string>& words, BytesView input,
                         std::chrono::milliseconds time_max, CommandOutput* output = nullptr);

}  // namespace cpl
