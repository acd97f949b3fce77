// A page that says what is wrong, with its code, what to do about it, and where to go from there.
#pragma once

#include "api/html/page.hpp"
#include "crypto/result.hpp"

namespace cpl {

Page error_page(const Error& error);

}  // namespace cpl
