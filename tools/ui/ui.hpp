// cpl ui: the registry's pages from one's own machine, and what is signed there.
#pragma once

#include "tools/cpl/cli.hpp"

namespace cpl {

void add_ui_command(Cli& cli);

}  // namespace cpl
