// A resource of a published log, by its path: what every reader of a log reads, wherever from.
#pragma once

#include <functional>
#include <string>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

// Brings one resource of the log by its path, such as "checkpoint" or "tile/0/000". Called from
// several threads at once.
using FetchResource = std::function<Result<Bytes>(const std::string& path)>;

}  // namespace cpl
