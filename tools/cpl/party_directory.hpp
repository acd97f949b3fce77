// cpl party set, import, export and remove: the directory of Parties.
#pragma once

#include "registry/base/json.hpp"
#include "registry/minutes/minutes.hpp"
#include "tools/cpl/cli.hpp"

namespace cpl {

void add_directory_commands(Cli& cli, CLI::App& party);

// What the directory says of a Party, in lines for people.
std::string details_text(const Json& details);

// The Parties that minutes admit, as `cpl party import` takes them.
std::string admissions_csv(const MinutesOutline& outline);

}  // namespace cpl
