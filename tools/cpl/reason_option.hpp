// Words that people write: --reason, or --reason-file for longer ones.
#pragma once

#include <string>

#include "crypto/result.hpp"

namespace cpl {

inline constexpr const char* reason_file_help = "The same from a file; - is standard input";

// Empty where neither was given. The last line end of a file is not part of what it says, and
// another system's line ends are as ours.
Result<std::string> read_reason(const std::string& reason, const std::string& file);
// The same, where there must be one.
Result<std::string> read_required_reason(const std::string& reason, const std::string& file);

}  // namespace cpl
