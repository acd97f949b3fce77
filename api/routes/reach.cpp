#include "api/routes/reach.hpp"

namespace cpl {
namespace {

bool is_late(const Subscription& subscription, const Event& event, UnixMillis now) {
  const auto allowed =
      std::chrono::milliseconds(subscription.digest ? late_after_daily : late_after);
  return now.value > event.time.value + static_cast<std::uint64_t>(allowed.count());
}

}  // namespace

Reach reach_of(const Subscription& subscription, const Event& event, UnixMillis now,
               const WasDelivered& was_delivered) {
  if (!subscription.filter.matches(event)) return Reach::not_asked;
  if (subscription.cursor > event.sequence) {
    const bool was_there = subscription.created <= event.time;
    return was_there || was_delivered(subscription) ? Reach::delivered : Reach::made_later;
  }
  switch (subscription.state) {
    case SubscriptionState::pending:
    case SubscriptionState::paused:
      return Reach::untold;
    case SubscriptionState::quarantined:
      return Reach::quarantined;
    case SubscriptionState::retired:
      return Reach::no_subscription;
    case SubscriptionState::active:
      break;
  }
  return is_late(subscription, event, now) ? Reach::late : Reach::waiting;
}

PartyReach best_reach(const std::vector<Subscription>& own, const Event& event, UnixMillis now,
                      const WasDelivered& was_delivered) {
  PartyReach best;
  for (const Subscription& subscription : own) {
    const Reach reach = reach_of(subscription, event, now, was_delivered);
    if (reach <= best.reach) continue;
    best = {reach, subscription};
  }
  return best;
}

}  // namespace cpl
