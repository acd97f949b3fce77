// Notices to the Service Desk, as the registry lists them.
#pragma once

#include "tools/cpl/cli.hpp"

namespace cpl {

// The newest first: all of them, or those that nobody has finished with; and whom to ask where
// something does not fit.
Result<std::vector<Json>> fetch_notices(const HttpClient& client, bool all, Json& contact);

void add_inbox_command(Cli& cli, CLI::App& desk);

}  // namespace cpl
