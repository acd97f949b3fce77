// Consent that a person gives for a receiver which could not answer by itself.
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/run/notifier.hpp"
#include "notifier/subscription/late_consent.hpp"

namespace cpl {
namespace {

Error unknown_consent() {
  return Error{Errc::not_found, "token-unknown",
               "this link is not valid, or consent was already given"};
}

}  // namespace

bool Notifier::is_asked(const Subscription& subscription, std::string_view token) const {
  return equal_in_constant_time(consent_token(master_key_, subscription), token) &&
         awaits_consent(subscription, clock_.now());
}

std::optional<Notifier::RowKey> Notifier::asked_with(std::string_view token) const {
  const std::string id(subscription_of_token(token));
  const Lock lock(mutex_);
  auto key = key_of(id);
  if (!key || !is_asked(rows_.at(*key).subscription, token)) return std::nullopt;
  return key;
}

bool Notifier::awaits_consent_by(std::string_view token) const {
  return asked_with(token).has_value();
}

Result<void> Notifier::consent(std::string_view token) {
  const auto asked = asked_with(token);
  if (!asked) return unknown_consent();
  TRY(alter(asked->owner, asked->id, [&](Row& row) -> Result<void> {
    Subscription& subscription = row.subscription;
    if (!is_asked(subscription, token)) return unknown_consent();
    const UnixMillis now = clock_.now();
    if (subscription.state == SubscriptionState::active) {
      subscription.verified = now;
    } else {
      // That it holds the secret is still to be shown.
      subscription.consented_late = now;
      subscription.next_attempt_at = std::max(now, row.verification_not_before);
    }
    return {};
  }));
  return {};
}

}  // namespace cpl
