// What the operator sees and does of everybody's subscriptions: how each stands and why. Never a
// secret, and of a webhook's URL the host alone.
#pragma once

#include "api/routes/call.hpp"
#include "notifier/run/notifier.hpp"

namespace cpl {

struct OversightRoutes {
  Notifier& notifier;
  const std::string& type_prefix;

  Result<HttpResponse> list(const Call& call) const;
  Result<HttpResponse> deliveries(const Call& call) const;
  // One in quarantine is tried at once. What its owner paused stays paused.
  Result<HttpResponse> retry(const Call& call) const;
  Result<void> replay(const Call& call, const Answer& answer) const;
};

}  // namespace cpl
