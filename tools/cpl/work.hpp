// The work around the list: what is prepared of it, what the Service Desk signs of it, and how it
// stands.
#pragma once

#include "tools/cpl/cli.hpp"

namespace cpl {

void add_work_commands(Cli& cli);       // withdraw, action, calendar, paper, specifications.
void add_work_list_commands(Cli& cli);  // actions, proposals, loadings.
void add_desk_list_commands(Cli& cli, CLI::App& desk);   // desk list.
void add_desk_count_commands(Cli& cli, CLI::App& desk);  // desk count.

}  // namespace cpl
