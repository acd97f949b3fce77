// A receiver that cannot answer OPTIONS by itself consents later: every such request names an
// address (WebHook-Request-Callback) at which a person there may say yes (CloudEvents 1.0, HTTP
// webhook, abuse protection).
#pragma once

#include "notifier/subscription/subscription.hpp"

namespace cpl {

// Only whom we asked knows it. Another URL, and every new time of asking, has another; it is good
// for one yes.
std::string consent_token(BytesView master_key, const Subscription& subscription);
// Whose token that is said to be.
std::string_view subscription_of_token(std::string_view token);

// Whether a yes would change anything now.
bool awaits_consent(const Subscription& subscription, UnixMillis now);
// One that was given without the receiver's program, and still holds.
bool has_late_consent(const Subscription& subscription, UnixMillis now);

}  // namespace cpl
