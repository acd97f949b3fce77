// What a registry tells, held to what it was asked: an answer to something else is none.
#pragma once

#include "registry/base/json.hpp"

namespace cpl {

Error evidence_mismatch(std::string detail);

// The member is there, with that value (`evidence-mismatch`).
Result<void> check_told(const Json& answer, const char* member, const Json& asked);

}  // namespace cpl
