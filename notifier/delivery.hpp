// The pure half of delivering: what an answer means for a subscription, and when to try again.
#pragma once

#include <variant>

#include "notifier/subscription.hpp"
#include "notifier/transport.hpp"

namespace cpl {

// What was sent: the event of an entry, or the checkpoint event of an interval.
using Sent = std::variant<EntryIndex, UnixMillis>;

// Moves the subscription past the event it was sent, or schedules the next attempt. `spread` is a
// uniform random number from 0 to 1, so that many endpoints do not come back at once.
void note_outcome(Subscription& subscription, const Sent& sent, const Result<Delivered>& outcome,
                  UnixMillis now, double spread);

}  // namespace cpl
