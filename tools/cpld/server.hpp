// The service's sockets: how many there may be, and what is told of them.
#pragma once

#include "api/server/server.hpp"
#include "tools/cpld/config.hpp"

namespace cpl {

// Before anything takes its share of them: as many descriptors as the configuration needs, as far
// as the system lets this process have them. Says so where they are fewer.
void raise_descriptors(const Config& config);

ServerOptions server_options(const Config& config);
std::string server_metrics(const ServerStats& stats);

}  // namespace cpl
