// Signing in and out.
#include "api/pages/sign_in.hpp"

#include "api/html/parts.hpp"
#include "api/pages/pages.hpp"

namespace cpl {
namespace {

void write_token_field(HtmlWriter& html, const Error* refused) {
  html.markup("<div class=\"field\"><label for=\"token\">Your Party's token</label>");
  html.markup("<span class=\"hint\" id=\"token-hint\">The registry's operator gave it to you. ");
  html.markup("Paste it.</span>");
  if (refused != nullptr) write_field_error(html, "token", refused->detail);
  html.markup(
      "<input id=\"token\" name=\"token\" type=\"password\" autocomplete=\"current-password\" "
      "spellcheck=\"false\" required aria-describedby=\"token-hint");
  if (refused != nullptr) html.markup(" token-error\" aria-invalid=\"true");
  html.markup("\"></div>\n");
}

Page signed_in_already(const Viewer& viewer) {
  Page page{.title = "You are signed in", .main = {}};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"lead\">You are <strong>").text(viewer.party).markup("</strong>");
  if (viewer.session.empty()) {
    html.markup(
        " by the certificate that your browser shows.</p>\n<p>There is nothing to sign out of: "
        "close the browser to end that.</p>\n");
  } else {
    html.markup(".</p>\n");
  }
  html.markup("<p><a class=\"button\" href=\"/me\">Your notifications</a></p>\n");
  return page;
}

}  // namespace

Page sign_in_form(std::string_view to, const Error* refused) {
  Page page{.title = refused == nullptr ? "Sign in" : "Error: Sign in", .main = {}};
  HtmlWriter& html = page.main;
  if (refused != nullptr) {
    write_error_summary(html, {{"token", refused->detail}});
  }
  html.markup("<h1>Sign in</h1>\n");
  html.element("p",
               "For Parties and the DCC Service Desk: your notifications, your reports, and sealed "
               "texts that are meant for you. Reading the list needs no account.");
  form_start(html, Href("/sign-in"), "");
  if (!to.empty()) write_hidden(html, "to", to);
  write_token_field(html, refused);
  html.markup("<p><button class=\"button\" type=\"submit\">Sign in</button></p>\n</form>\n");
  html.element(
      "p",
      "You are signed out after 30 minutes without use, and after 8 hours at the latest. "
      "If your browser shows a certificate that speaks for your Party, you need no token.");
  return page;
}

Result<Page> sign_in_page(const PageRequest& request, const PageSource&) {
  if (!request.viewer.party.empty()) return signed_in_already(request.viewer);
  return sign_in_form(request.asked("to"), nullptr);
}

Result<Page> signed_out_page(const PageRequest&, const PageSource&) {
  Page page{.title = "You are signed out", .main = {}};
  page.main.element("h1", page.title);
  page.main.element("p", "This browser keeps nothing of what you were shown.");
  page.main.markup("<p><a href=\"/sign-in\">Sign in again</a></p>\n");
  return page;
}

}  // namespace cpl
