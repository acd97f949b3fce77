// The form in which a Party signs in.
#pragma once

#include "api/pages/page_source.hpp"

namespace cpl {

// `to`: where they go then. `refused` is null, or why the last try failed.
Page sign_in_form(std::string_view to, const Error* refused);

}  // namespace cpl
