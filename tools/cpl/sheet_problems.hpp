// What is wrong with a clerk's list, told so that the mistakes that matter are seen: alike ones are
// one line with the rows they are in, the rarest first.
#pragma once

#include <string>

#include "registry/sheet/model_sheet.hpp"

namespace cpl {

std::string problems_text(const SheetReading& reading, std::size_t kinds_max);

}  // namespace cpl
