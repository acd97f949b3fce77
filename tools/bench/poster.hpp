// The least that Beast can be asked to do to deliver: what the notifier's deliveries are compared
// with.
#pragma once

#include "tools/bench/receiver.hpp"

namespace cpl::bench {

// The bodies to each of the first `parties` of the receiver, unsigned, over one kept connection for
// each, one after the other; posts a second once all are connected.
Result<double> post_bare(const Receiver& receiver, const Certificate& certificate,
                         std::size_t parties, const std::vector<Received>& deliveries);

}  // namespace cpl::bench
