#include "api/routes/consent.hpp"

#include "api/http/click_page.hpp"

namespace cpl {
namespace {

constexpr std::string_view one_click = "List-Unsubscribe=One-Click";

}  // namespace

Result<HttpResponse> ConsentRoutes::show_consent(const Call& call) const {
  if (!notifier.awaits_consent_by(call.segment())) {
    return click_page("There is nothing to agree to here, or it was agreed to.", {});
  }
  return click_page(
      "Someone asked us to send notices of changes to the Certified Products List to your "
      "receiver. "
      "We send nothing until you agree.",
      Button{"Send the notices there", "consent", "yes"});
}

Result<HttpResponse> ConsentRoutes::consent(const Call& call) const {
  TRY_VOID(notifier.consent(call.segment()));
  return click_page("Thank you. The receiver is now sent a signed challenge, then the notices.",
                    {});
}

Result<HttpResponse> ConsentRoutes::show_unsubscribe(const Call&) const {
  return click_page("Notices of changes are sent to a mailbox of yours.",
                    Button{"Stop the mail to this mailbox", "List-Unsubscribe", "One-Click"});
}

Result<HttpResponse> ConsentRoutes::unsubscribe(const Call& call) const {
  const Bytes& body = call.request.body;
  const bool is_click =
      body.find(one_click) != Bytes::npos || body.find("name=\"List-Unsubscribe\"") != Bytes::npos;
  if (!is_click) {
    return malformed("request-malformed",
                     "a POST with the body List-Unsubscribe=One-Click ends it");
  }
  TRY_VOID(notifier.unsubscribe_mailbox(call.segment()));
  return click_page("No more mail is sent there. The Party whose mailbox it is has been told.", {});
}

}  // namespace cpl
