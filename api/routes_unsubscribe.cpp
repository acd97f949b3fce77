// One click ends a mailbox's mail (RFC 8058): a POST, with no account and no question. Opening the
// link ends nothing, since programs open links, too.
#include "api/api.hpp"

namespace cpl {
namespace {

constexpr std::string_view one_click = "List-Unsubscribe=One-Click";

HttpResponse page(unsigned status, const std::string& words, bool with_button) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
      "<title>Certified Products List notices</title></head>\n<body>\n"
      "<h1>Certified Products List notices</h1>\n<p>" +
      words + "</p>\n";
  if (with_button) {
    html +=
        "<form method=\"post\">"
        "<input type=\"hidden\" name=\"List-Unsubscribe\" value=\"One-Click\">"
        "<button>Stop the mail to this mailbox</button></form>\n";
  }
  HttpResponse response =
      text_response(status, "text/html; charset=utf-8", html + "</body>\n</html>\n");
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; form-action 'self'; frame-ancestors 'none'");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  return response;
}

}  // namespace

// /u/{token}
HttpResponse Api::unsubscribe(const HttpRequest& request) {
  const bool is_get = request.method == HttpMethod::get || request.method == HttpMethod::head;
  if (is_get) return page(200, "Notices of changes are sent to a mailbox of yours.", true);
  const bool is_click = request.method == HttpMethod::post &&
                        (request.body.find(one_click) != Bytes::npos ||
                         request.body.find("name=\"List-Unsubscribe\"") != Bytes::npos);
  if (!is_click) {
    return problem_response(
        malformed("request-malformed", "a POST with the body List-Unsubscribe=One-Click ends it"),
        options_.problem_base);
  }
  const auto ended = notifier_.unsubscribe_mailbox(request.segments[1]);
  if (!ended) return problem_response(ended.error(), options_.problem_base);
  return page(200, "No more mail is sent there. The Party whose mailbox it is has been told.",
              false);
}

}  // namespace cpl
