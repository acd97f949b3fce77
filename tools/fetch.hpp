// Where a log is read from: a service, or a folder with a copy.
#pragma once

#include "registry/audit.hpp"

namespace cpl {

// A URL, or a folder.
FetchResource fetch_from(const std::string& source);

}  // namespace cpl
