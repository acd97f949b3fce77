// Two numbers for each month: what grows above a line, what falls below it; or a part of the whole.
#pragma once

#include <vector>

#include "api/pictures/picture.hpp"

namespace cpl {

struct MonthBar {
  std::string month;  // "2026-07"
  std::uint64_t whole = 0;
  std::uint64_t marked = 0;  // Removed below the line, or the part without a successor.
};

// Added above, removed below on its own scale. At most 12 months are shown: the last.
void write_change_bars(HtmlWriter& html, std::vector<MonthBar> months);
// Certificates that end, and the part of them that leaves devices without a successor.
void write_forecast_bars(HtmlWriter& html, std::vector<MonthBar> months);

}  // namespace cpl
