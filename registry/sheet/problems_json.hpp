// What is wrong with a sheet, for programs.
#pragma once

#include "registry/base/json.hpp"
#include "registry/sheet/model_sheet.hpp"

namespace cpl {

// [{"row", "column", "severity", "detail"}]
Json problems_json(const SheetReading& reading);

}  // namespace cpl
