// What carries notices: HTTPS, to the Service Desk and to Parties apart, and mail where there is
// any.
#pragma once

#include "notifier/send/http_transport.hpp"
#include "notifier/send/per_owner_limit.hpp"
#include "tools/cpld/mail.hpp"

namespace cpl {

struct Sending {
  TargetRules rules;
  std::unique_ptr<HttpTransport> parties;
  std::unique_ptr<PerOwnerLimit> gate;  // Before the Parties' transport.
  std::unique_ptr<HttpTransport> service_desk;
  Mailing mail;
  std::unique_ptr<ChannelRouter> channels;

  // Before the notifier stops, which waits for every message's outcome.
  void stop();
};

// Whether what is configured for endpoints can be used.
Result<void> check_sending(const Config& config);
Result<Sending> open_sending(const Config& config, const Clock& clock, const Bytes& notice_key);

}  // namespace cpl
