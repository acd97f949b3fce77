// What `cpl` says about itself: help that fits the terminal, commands by who uses them, topics.
#pragma once

#include "tools/cpl/cli.hpp"

namespace cpl {

// Before any command is added: each takes it over.
void use_help_format(CLI::App& app);
// `cpl help TOPIC`: a command, or what concerns several of them.
void add_help_command(Cli& cli);
// "cpl desk check"
std::string command_path(const CLI::App& command);
std::string help_of(const CLI::App& command);

}  // namespace cpl
