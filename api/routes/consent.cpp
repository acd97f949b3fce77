// A person consents for a receiver that could not answer our OPTIONS request by itself.
#include "api/http/click_page.hpp"
#include "api/routes/api.hpp"

namespace cpl {

// /v1/validate/{token}
HttpResponse Api::consent(const HttpRequest& request) {
  const std::string& token = request.segments[2];
  const bool is_get = request.method == HttpMethod::get || request.method == HttpMethod::head;
  if (is_get && notifier_.awaits_consent_by(token)) {
    return click_page(
        "A receiver of yours was named to be sent the notices of changes to the Certified Products "
        "List. Nothing is sent before somebody there agrees.",
        Button{"Send the notices there", "consent", "yes"});
  }
  if (is_get) return click_page("There is nothing to agree to here, or it was agreed to.", {});
  const auto given = notifier_.consent(token);
  if (!given) return problem(given.error());
  return click_page("Thank you. The receiver is now sent a signed challenge, then the notices.",
                    {});
}

}  // namespace cpl
