#include "notifier/subscription/late_consent.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/subscription/verification.hpp"

namespace cpl {

std::string consent_token(BytesView master_key, const Subscription& subscription) {
  Bytes labelled = "cpl/consent";
  for (const std::string& part :
       {subscription.id, subscription.url,
        std::to_string(subscription.verified.value_or(subscription.state_since).value)}) {
    labelled += '\0';
    labelled += part;
  }
  return subscription.id + "." + to_base64url(hmac_sha256(master_key, labelled).view());
}

std::string_view subscription_of_token(std::string_view token) {
  return token.substr(0, token.find('.'));
}

bool awaits_consent(const Subscription& subscription, UnixMillis now) {
  if (subscription.state == SubscriptionState::pending) return !has_late_consent(subscription, now);
  return subscription.state == SubscriptionState::active && subscription.verified &&
         renewal_is_due(*subscription.verified, now);
}

bool has_late_consent(const Subscription& subscription, UnixMillis now) {
  return subscription.consented_late && !consent_is_over(*subscription.consented_late, now);
}

}  // namespace cpl
