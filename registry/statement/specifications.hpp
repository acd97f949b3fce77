// The table of technical specifications and the days on which their versions end (B25; Schedule
// 11). A model whose version has ended is said to be so; the table removes nothing.
#pragma once

#include "registry/statement/model.hpp"

namespace cpl {

struct SpecificationRow {
  std::string ts_name;     // SMETS, for example.
  std::string ts_version;  // V4.2, for example.
  // With that GBCS version only; without one, with any.
  std::optional<std::string> gbcs_version;
  // On the day itself it still holds.
  std::optional<Date> installation_end;
  std::optional<Date> maintenance_end;
  std::optional<Date> applicability_end;
};

// It replaces the version before it as a whole.
struct Specifications {
  std::uint64_t version = 0;  // 1, 2, 3, … without a gap.
  std::vector<SpecificationRow> rows;
};

}  // namespace cpl
