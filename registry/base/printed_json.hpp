// JSON as programs print it, for other programs and for people who look at it.
#pragma once

#include <string>

#include "registry/base/json.hpp"

namespace cpl {

// Indented; what cannot be seen is an escape, what is no UTF-8 is replaced.
std::string printed_json(const Json& value);

// {"error": {"code", "detail", "rule"}}
Json error_json(const Error& error);

}  // namespace cpl
