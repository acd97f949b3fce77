// How many codes are mailed in a day: to a mailbox, since it may be a stranger's and each code is a
// few guesses; to a domain, whose every name may lead to one mailbox; and for a Party. What one
// Party may have sent to either is less than all may, so that it leaves some for the others. In
// memory: a restart begins the day anew. One thread at a time.
#pragma once

#include "notifier/mail/message.hpp"
#include "notifier/subscription/pace.hpp"

namespace cpl {

class MailPace {
 public:
  // Nothing, and it counts as sent; or why no code is sent now, as a sentence.
  std::optional<std::string> ask(const std::string& owner, const MailAddress& to, UnixMillis now);

 private:
  static constexpr std::uint64_t day = 86'400'000;

  Pace mailboxes_{{.window_millis = day, .count = 5}};  // Whoever asks.
  Pace mailboxes_of_owners_{{.window_millis = day, .count = 3}};
  Pace domains_{{.window_millis = day, .count = 60}};
  Pace domains_of_owners_{{.window_millis = day, .count = 20}};
  Pace owners_{{.window_millis = day, .count = 200}};
};

// The mailbox that an address leads to, as far as it shows: without what follows a "+", and in
// lower case.
std::string mailbox_of(const MailAddress& address);

}  // namespace cpl
