// A message as it is sent over HTTP: header and body.
#pragma once

#include "notifier/send/target_rules.hpp"
#include "notifier/send/transport.hpp"

namespace cpl {

// Errors: `delivery-message-malformed`, where a field could be taken for more than one.
Result<std::string> request_text(const OutgoingMessage& message, const TargetUrl& url);

}  // namespace cpl
