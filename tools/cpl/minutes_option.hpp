// What the commands that take minutes share.
#pragma once

#include "registry/minutes/minutes.hpp"
#include "tools/cpl/cli.hpp"

namespace cpl {

// The day that the minutes say, or the one given where theirs cannot be read.
Result<Date> meeting_date(const MinutesOutline& outline, const std::string& file,
                          const std::string& given);

void add_decision_command(Cli& cli);

}  // namespace cpl
