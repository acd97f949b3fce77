// One click ends a mailbox's mail (RFC 8058): a POST, with no account and no question. Opening the
// link ends nothing, since programs open links, too.
#include "api/http/click_page.hpp"
#include "api/routes/api.hpp"

namespace cpl {
namespace {

constexpr std::string_view one_click = "List-Unsubscribe=One-Click";

}  // namespace

// /u/{token}
HttpResponse Api::unsubscribe(const HttpRequest& request) {
  const bool is_get = request.method == HttpMethod::get || request.method == HttpMethod::head;
  if (is_get) {
    return click_page("Notices of changes are sent to a mailbox of yours.",
                      Button{"Stop the mail to this mailbox", "List-Unsubscribe", "One-Click"});
  }
  const bool is_click = request.method == HttpMethod::post &&
                        (request.body.find(one_click) != Bytes::npos ||
                         request.body.find("name=\"List-Unsubscribe\"") != Bytes::npos);
  if (!is_click) {
    return problem(
        malformed("request-malformed", "a POST with the body List-Unsubscribe=One-Click ends it"));
  }
  const auto ended = notifier_.unsubscribe_mailbox(request.segments[1]);
  if (!ended) return problem(ended.error());
  return click_page("No more mail is sent there. The Party whose mailbox it is has been told.", {});
}

}  // namespace cpl
