// Where a log is read from: a service, or a folder with a copy.
#pragma once

#include "registry/audit.hpp"

namespace cpl {

bool is_url(const std::string& source);
// From a URL, or a folder.
FetchResource fetch_from(const std::string& source);

}  // namespace cpl
