// Subscriptions as the API shows them to their owners. No secret is in any of it.
#pragma once

#include "notifier/notifier.hpp"

namespace cpl {

Json subscription_view(const Subscription& subscription, const std::string& type_prefix);
Json attempt_view(const DeliveryAttempt& attempt);
Json preview_view(const Preview& preview, UnixMillis since, const std::string& type_prefix);

}  // namespace cpl
