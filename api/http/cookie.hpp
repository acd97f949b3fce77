// Cookies as browsers send them (RFC 6265, 5.4).
#pragma once

#include "api/http/http.hpp"

namespace cpl {

// The value of the first cookie of that name.
std::optional<std::string> cookie_of(const HttpRequest& request, std::string_view name);

}  // namespace cpl
