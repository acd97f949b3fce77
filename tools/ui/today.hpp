// A registrar's day: what is due, what is late, what waits.
#pragma once

#include "api/html/page.hpp"
#include "tools/ui/workplace.hpp"

namespace cpl {

Result<Page> today_page(const Workplace& work);

}  // namespace cpl
