// The service as it is installed, run beside the bench, and what the system says it takes.
#pragma once

#include "tools/bench/bench.hpp"
#include "tools/bench/peers.hpp"

namespace cpl::bench {

// cpld over the log in `data`, with its configuration and output in `folder`; `port` must be free.
Result<std::unique_ptr<Child>> start_cpld(const Bench& bench, const std::filesystem::path& data,
                                          const std::filesystem::path& folder, std::uint16_t port);

double resident_mebibytes(int process);

}  // namespace cpl::bench
