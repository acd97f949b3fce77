// Who was reached by what an entry says: for each Party, the best that its subscriptions did. Pure:
// of the subscriptions as they stand, and what the entry says.
#pragma once

#include <chrono>
#include <functional>

#include "notifier/run/notifier.hpp"

namespace cpl {

// From worst to best.
enum class Reach : std::uint8_t {
  no_subscription,
  not_asked,    // No subscription asks for what the entry says.
  made_later,   // Only a subscription that was made after the entry asks for it.
  untold,       // The subscription is paused, or its receiver never consented.
  quarantined,  // Its receiver fails; it is tried once an hour.
  late,         // On its way for longer than it should be.
  waiting,      // On its way.
  delivered
};
inline constexpr std::array<std::string_view, 8> reach_words = {
    "no_subscription", "not_asked", "made_later", "untold",
    "quarantined",     "late",      "waiting",    "delivered"};
template <>
struct Words<Reach> {
  static constexpr const auto& list = reach_words;
};

// What is not delivered by then is late.
inline constexpr std::chrono::minutes late_after{15};
// A mailbox that gets one message a day waits for its minute.
inline constexpr std::chrono::minutes late_after_daily{25 * 60};

struct PartyReach {
  Reach reach = Reach::no_subscription;
  std::optional<Subscription> by;  // The subscription that it is the reach of.
};

// Whether the event is among what was delivered to the subscription: asked of one that was made
// after it, and may have begun at an earlier entry.
using WasDelivered = std::function<bool(const Subscription& subscription)>;

// Of one subscription.
Reach reach_of(const Subscription& subscription, const Event& event, UnixMillis now,
               const WasDelivered& was_delivered);
// Of all of one Party's.
PartyReach best_reach(const std::vector<Subscription>& own, const Event& event, UnixMillis now,
                      const WasDelivered& was_delivered);

}  // namespace cpl
