// Consent that a person gives for a receiver which could not answer by itself.
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/late_consent.hpp"
#include "notifier/notifier.hpp"
#include "registry/store_keys.hpp"

namespace cpl {
namespace {

Error unknown_token() {
  return Error{Errc::not_found, "token-unknown",
               "nobody is asked for consent with that, or it was given already"};
}

}  // namespace

Notifier::Rows::iterator Notifier::find_awaiting(std::string_view token) {
  const std::string_view id = subscription_of_token(token);
  const auto found = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const auto& row) { return row.first.second == id; });
  if (found == rows_.end()) return found;
  const Subscription& subscription = found->second.subscription;
  const bool is_asked = equal_in_constant_time(consent_token(master_key_, subscription), token) &&
                        awaits_consent(subscription, clock_.now());
  return is_asked ? found : rows_.end();
}

bool Notifier::awaits_consent_by(std::string_view token) {
  const std::lock_guard lock(mutex_);
  return find_awaiting(token) != rows_.end();
}

Result<void> Notifier::consent(std::string_view token) {
  const std::lock_guard lock(mutex_);
  const auto found = find_awaiting(token);
  if (found == rows_.end()) return unknown_token();
  Row changed = found->second;
  Subscription& subscription = changed.subscription;
  const UnixMillis now = clock_.now();
  if (subscription.state == SubscriptionState::active) {
    subscription.verified = now;
  } else {
    // That it holds the secret is still to be shown.
    subscription.consented_late = now;
    subscription.next_attempt_at = std::max(now, changed.verification_not_before);
  }
  WriteBatch batch;
  batch.put(store_keys::subscription(subscription.id), encode(subscription));
  TRY_VOID(store_.commit(batch, Durability::synced));
  found->second = std::move(changed);
  wake();
  return {};
}

}  // namespace cpl
