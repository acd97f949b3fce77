// The addresses that this machine itself answers at, as far as they are public: a subscription must
// not make the service talk to itself. What is not public is refused for that reason alone.
#pragma once

#include <vector>

#include "notifier/send/target_rules.hpp"

namespace cpl {

// `listening` is what the service was told to listen on; the wildcard stands for every interface.
// Fails where the interfaces cannot be asked: without the answer the service would be open to that.
Result<std::vector<IpAddress>> own_public_addresses(const IpAddress& listening);

}  // namespace cpl
