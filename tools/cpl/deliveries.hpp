// cpl deliveries: did every Party get the event of an entry?
#pragma once

#include "tools/cpl/cli.hpp"

namespace cpl {

void add_deliveries_command(Cli& cli);

}  // namespace cpl
