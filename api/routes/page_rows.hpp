// The rows of the table that are for people.
#pragma once

#include "api/routes/route.hpp"

namespace cpl {

std::span<const Route> page_rows();

}  // namespace cpl
