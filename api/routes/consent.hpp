// What people follow from a mail or an answer: who holds the link may act. A person consents for a
// receiver that could not answer our OPTIONS request by itself; and one click ends a mailbox's mail
// (RFC 8058), with no account and no question. Opening a link does nothing, since programs open
// links, too.
#pragma once

#include "api/routes/call.hpp"
#include "notifier/run/notifier.hpp"

namespace cpl {

struct ConsentRoutes {
  Notifier& notifier;

  Result<HttpResponse> show_consent(const Call& call) const;
  Result<HttpResponse> consent(const Call& call) const;
  Result<HttpResponse> show_unsubscribe(const Call& call) const;
  Result<HttpResponse> unsubscribe(const Call& call) const;
};

}  // namespace cpl
