// Did everybody get it? What became of one entry's event, by Party, for whoever runs the registry:
// what a Party subscribes to and where stays its own.
#pragma once

#include "notifier/run/notifier.hpp"

namespace cpl {

// In the order in which one is better than the next: a Party that has several subscriptions got the
// event if any of them did.
enum class DeliveryState : std::uint8_t {
  delivered,
  waiting,          // Being sent, and not due yet.
  late,             // Being sent, and due.
  quarantined,      // Its receiver has failed for days.
  untold,           // No subscription that is in force is told of it: paused, unverified, begun
                    // later, or of another filter.
  no_subscription,  // It may read the feed; nobody sends it anything.
};
inline constexpr std::array<std::string_view, 6> delivery_state_words = {
    "delivered", "waiting", "late", "quarantined", "untold", "no-subscription"};
template <>
struct Words<DeliveryState> {
  static constexpr const auto& list = delivery_state_words;
};

struct PartyDelivery {
  std::string party;
  DeliveryState state{};
  std::optional<UnixMillis> at;       // When it was delivered first, as far as the log of its
                                      // deliveries goes back.
  std::uint64_t failed_attempts = 0;  // In a row, of the subscription that the state is of.
};

// The entry whose event it is, and by when it was to be delivered.
struct EntryDue {
  EntryIndex entry;
  UnixMillis due;
};

// Nothing where the entry has no event for that audience.
Result<std::optional<PartyDelivery>> entry_delivery(const Notifier& notifier, const LogView& log,
                                                    const std::string& party, Audience audience,
                                                    const EntryDue& asked, UnixMillis now);

}  // namespace cpl
