// The service's mail: the operator's mail server, and the channel that makes messages for it.
#pragma once

#include "notifier/mail/channel.hpp"
#include "tools/cpld/config.hpp"

namespace cpl {

// Empty where no mail is configured.
struct Mailing {
  std::unique_ptr<MailTransport> parties;
  std::unique_ptr<MailTransport> service_desk;  // With a connection and a queue of its own.
  std::unique_ptr<MailChannel> channel;

  void start();
  // Before the notifier stops, which waits for every message's outcome.
  void stop();
};

// Whether the mail server's password and the addresses can be used; the server is not asked.
Result<void> check_mailing(const Config& config);

// Reads every key that mail is signed with, and says what the DNS of their domains must hold: a
// line for each DKIM key, "rsa._domainkey.cpl.example TXT v=DKIM1; …".
Result<std::vector<std::string>> dkim_records(const Config& config);

// The clock outlives it. `notice_key` makes the links that end a mailbox's mail.
Result<Mailing> open_mailing(const Config& config, const Clock& clock, const Bytes& notice_key);

}  // namespace cpl
