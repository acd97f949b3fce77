// Subscriptions as the API shows them to their owners. No secret is in any of it.
#pragma once

#include "notifier/run/notifier.hpp"

namespace cpl {

Json subscription_view(const Subscription& subscription, const std::string& type_prefix);
// A strong tag of all that its owner decides: "<key generation>-<hash>". What the service does by
// itself, a delivery say, changes it not.
std::string settings_tag(const Subscription& subscription);
Json attempt_view(const DeliveryAttempt& attempt);
Json preview_view(const Preview& preview, UnixMillis since, const std::string& type_prefix);

}  // namespace cpl
