// Before anybody signs: would the registry take the statement, as its log stands now?
#pragma once

#include "tools/cpl/cli.hpp"

namespace cpl {

// Asks the registry that --server or CPL_SERVER names, if one is named. Errors are the registry's
// own refusals, unless --force is given. What only has to wait for others, and that nobody could be
// asked, is said on standard error.
Result<void> check_before_signing(const Cli& cli, BytesView statement_text);

}  // namespace cpl
