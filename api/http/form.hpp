// What a browser sends of a form (application/x-www-form-urlencoded, WHATWG URL, 5): strictly, each
// field once, and as text that a person can have typed.
#pragma once

#include "api/http/http.hpp"

namespace cpl {

// Errors: `form-malformed`, `form-too-large`.
Result<HttpParameters> parse_form(BytesView body);

// Empty where it is not.
std::string_view form_field(const HttpParameters& form, std::string_view name);

}  // namespace cpl
