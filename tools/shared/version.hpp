// Which release this is: the version of the whole project.
#pragma once

#include <string_view>

namespace cpl {

extern const std::string_view version;

}  // namespace cpl
