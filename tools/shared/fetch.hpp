// Where a log is read from: a service, or a folder with a copy.
#pragma once

#include <chrono>

#include "registry/audit/audit.hpp"

namespace cpl {

bool is_url(const std::string& source);
// From a URL, or a folder. No answer is waited for any longer.
FetchResource fetch_from(const std::string& source,
                         std::chrono::seconds time_max = std::chrono::seconds(60));

}  // namespace cpl
