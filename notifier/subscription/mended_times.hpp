// What a subscription's row says of times to come, after the clock that wrote it was ahead.
#pragma once

#include "notifier/event/event.hpp"
#include "notifier/subscription/subscription.hpp"

namespace cpl {

// Whatever could not have been written by now is brought back to where it holds up nothing.
void mend_times(Subscription& subscription, UnixMillis now, const EventOptions& events,
                std::chrono::minutes canary_interval);

}  // namespace cpl
