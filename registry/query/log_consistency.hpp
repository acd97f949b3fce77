// That the log of one size is the beginning of the log of another (RFC 6962).
#pragma once

#include "registry/log/log_view.hpp"

namespace cpl {

struct LogConsistency {
  Hash older_root;
  Hash newer_root;
  std::vector<Hash> proof;
};

// 0 < older <= newer <= the view's size.
Result<LogConsistency> log_consistency(const LogView& log, TreeSize older, TreeSize newer);

}  // namespace cpl
