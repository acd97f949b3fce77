// The outline of minutes as JSON for other programs. The names and their order are fixed; what is
// not known is null; what is none is an empty array.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "registry/minutes/minutes.hpp"

namespace cpl {

nlohmann::ordered_json minutes_to_json(const MinutesOutline& outline);

}  // namespace cpl
