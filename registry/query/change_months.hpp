// What became of the list, month by month.
#pragma once

#include "registry/log/log_view.hpp"

namespace cpl {

struct MonthOfChanges {
  std::string month;  // "2027-03", in London.
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
  std::uint64_t reinstated = 0;
  std::uint64_t corrected = 0;
};

struct ChangeMonths {
  std::vector<MonthOfChanges> months;
  std::optional<std::string> next;  // From that month it goes on: more entries were too many.
};

// Both months included; `from` is not after `to`.
Result<ChangeMonths> change_months(const LogView& log, const std::string& from,
                                   const std::string& to);

}  // namespace cpl
