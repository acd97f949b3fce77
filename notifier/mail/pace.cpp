#include "notifier/mail/pace.hpp"
#include "crypto/encoding.hpp"

#include <array>

namespace cpl {
namespace {}  // namespace

std::string mailbox_of(const MailAddress& address) {
  const std::string local = address.local().substr(0, address.local().find('+'));
  return ascii_lower(local) + "@" + ascii_lower(address.domain());
}

std::optional<std::string> MailPace::ask(const std::string& owner, const MailAddress& to,
                                         UnixMillis now) {
  struct Limit {
    Pace& pace;
    std::string key;
    std::string_view why;
  };
  const std::string mailbox = mailbox_of(to);
  const std::string domain = ascii_lower(to.domain());
  // No owner's name has a space.
  const std::array<Limit, 5> limits = {{
      {mailboxes_of_owners_, owner + " " + mailbox, "you had three codes sent to this mailbox"},
      {mailboxes_, mailbox, "this mailbox was sent five codes"},
      {domains_of_owners_, owner + " " + domain, "you had twenty codes sent to this domain"},
      {domains_, domain, "this domain was sent sixty codes"},
      {owners_, owner, "you had two hundred codes sent"},
  }};
  std::string_view why;
  for (const Limit& limit : limits) {
    if (limit.pace.full_until(limit.key, now) && why.empty()) why = limit.why;
  }
  if (!why.empty()) return std::string(why) + " within a day: no more before that is over";
  for (const Limit& limit : limits) limit.pace.note(limit.key, now);
  return std::nullopt;
}

}  // namespace cpl
