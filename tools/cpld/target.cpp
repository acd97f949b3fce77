#include "tools/cpld/target.hpp"

#include "notifier/mail/channel.hpp"
#include "notifier/subscription/subscription.hpp"

namespace cpl {

Result<void> check_target(const std::string& url, const TargetRules& rules, bool mails) {
  if (!url.starts_with(mail_scheme)) {
    TRY(check_target_url(url, rules));
  } else if (!mails) {
    return malformed("mail-not-configured", "this registry sends no mail; name an https URL");
  } else {
    TRY(mail_target(url));
  }
  return {};
}

}  // namespace cpl
