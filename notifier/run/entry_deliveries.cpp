#include "notifier/run/entry_deliveries.hpp"

namespace cpl {
namespace {

// What the kept attempts say of the entry. A digest is logged by its last entry: the first that
// reaches this far has it, if the one before it is kept, or everything is.
struct KeptDelivery {
  std::optional<UnixMillis> alone;
  std::optional<UnixMillis> in_digest;
};

Result<KeptDelivery> kept_delivery(const Notifier& notifier, const Subscription& subscription,
                                   EntryIndex entry) {
  KeptDelivery kept;
  bool is_first_known = subscription.attempts_logged <= delivery_log_rows;
  // The newest first: an older one that fits is the better one.
  for (const DeliveryAttempt& attempt :
       TRY(notifier.attempts(subscription.owner, subscription.id, {}, delivery_log_rows))) {
    if (!attempt.succeeded || !attempt.sequence) continue;
    if (attempt.what != sent_words[Sent(SentDigest{}).index()]) {
      if (*attempt.sequence == entry) kept.alone = attempt.at;
    } else if (*attempt.sequence >= entry) {
      kept.in_digest = attempt.at;
    } else {
      is_first_known = true;
    }
  }
  if (!is_first_known) kept.in_digest.reset();
  return kept;
}

DeliveryState state_of(const Subscription& subscription, const EntryDue& asked, UnixMillis now) {
  switch (subscription.state) {
    case SubscriptionState::active:
      return now > asked.due ? DeliveryState::late : DeliveryState::waiting;
    case SubscriptionState::quarantined:
      return DeliveryState::quarantined;
    case SubscriptionState::pending:
    case SubscriptionState::paused:
      return DeliveryState::untold;
    case SubscriptionState::retired:
      break;
  }
  return DeliveryState::no_subscription;
}

Result<PartyDelivery> of_subscription(const Notifier& notifier, const Subscription& subscription,
                                      const Event& event, const EntryDue& asked, UnixMillis now) {
  PartyDelivery found{subscription.owner, DeliveryState::untold, {}, subscription.attempt};
  const bool is_meant =
      subscription.told_from <= asked.entry && Notifier::is_told_of(subscription, event);
  const bool is_past = subscription.cursor > asked.entry;
  if (is_past) {
    // Under a filter that it has no more, it may have been delivered, too.
    const KeptDelivery kept = TRY(kept_delivery(notifier, subscription, asked.entry));
    if (is_meant || kept.alone) {
      found.state = DeliveryState::delivered;
      found.at = kept.alone ? kept.alone : kept.in_digest;
      found.failed_attempts = 0;
      return found;
    }
  }
  if (is_meant || subscription.state == SubscriptionState::retired) {
    found.state = state_of(subscription, asked, now);
  }
  return found;
}

bool is_better(const PartyDelivery& a, const PartyDelivery& b) {
  if (a.state != b.state) return a.state < b.state;
  return a.at && (!b.at || *a.at < *b.at);
}

}  // namespace

Result<std::optional<PartyDelivery>> entry_delivery(const Notifier& notifier, const LogView& log,
                                                    const std::string& party, Audience audience,
                                                    const EntryDue& asked, UnixMillis now) {
  const auto event = TRY(event_of(TRY(log.leaf(asked.entry)), audience));
  if (!event) return std::optional<PartyDelivery>();
  PartyDelivery best{party, DeliveryState::no_subscription, {}, 0};
  for (const Subscription& subscription : notifier.kept_of(party)) {
    if (subscription.audience != audience) continue;
    const PartyDelivery one = TRY(of_subscription(notifier, subscription, *event, asked, now));
    if (is_better(one, best)) best = one;
  }
  return std::optional(std::move(best));
}

}  // namespace cpl
