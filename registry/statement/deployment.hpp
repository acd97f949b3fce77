// How many devices of each model the DCC counted in the field on a day (F2.10, B22). The counts
// themselves are a file beside the log (deployed.hpp), to which the statement commits.
#pragma once

#include "registry/statement/model.hpp"

namespace cpl {

inline constexpr std::uint64_t deployed_rows_max = 100'000;

struct Deployment {
  Date day;
  std::uint64_t rows = 0;     // How many models were counted.
  std::uint64_t devices = 0;  // All of them together.
  Hash root;                  // Of the RFC 6962 tree whose leaves are the rows.
};

}  // namespace cpl
