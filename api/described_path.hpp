// Which methods a path takes, as the API's own description says.
#pragma once

#include "api/http.hpp"

namespace cpl {

// As in the field Allow: "GET, HEAD, POST". Empty where there is no such path.
const std::string& allowed_methods(std::span<const std::string> segments);
bool allows(std::string_view allowed, HttpMethod method);

}  // namespace cpl
