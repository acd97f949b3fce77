// Times as people in Great Britain read them. The log and its formats keep UTC.
#pragma once

#include "registry/base/time.hpp"

namespace cpl {

std::string uk_time(UnixMillis time);  // "9 Jul 2026 11:15:30 BST"

}  // namespace cpl
