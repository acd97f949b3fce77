#include "api/html/error_page.hpp"

namespace cpl {
namespace {

struct ErrorAdvice {
  std::string_view code;
  std::string_view words;
};
// Where the sentence of the error is for programs, or leaves open what a person does next.
constexpr std::array<ErrorAdvice, 9> advice_by_code = {
    {{"precondition-required",
      "The form did not say what it changes. Open the page again, and send the form from there."},
     {"idempotency-key-reused",
      "This form was sent before, with other words in it. Open the page again for a new one."},
     {"request-in-progress", "The same form is being worked on. Wait a moment, and look again."},
     {"answer-lost", "It was done the first time. Open the page to see how it is now."},
     {"subscription-state", "Open the subscription again: it is in another state by now."},
     {"subscriptions-full", "End a subscription that you do not need, then make this one."},
     {"reports-waiting", "Wait for an answer to one of your reports, then send this one."},
     {"form-not-ours", "Go to the page that the form is on, and load it again."},
     {"session-ended", "Sign in again. What you typed is in the page before this one."}}};

std::string_view title_of_error(Errc errc) {
  switch (errc) {
    case Errc::not_found:
      return "Not found";
    case Errc::conflict:
    case Errc::unauthorized:
      return "This was not done";
    case Errc::overloaded:
      return "Too much at once";
    case Errc::invalid:
    case Errc::too_large:
    case Errc::unavailable:
    case Errc::indeterminate:
    case Errc::corrupt:
      return "This cannot be shown";
  }
  return "Error";
}

std::string_view advice_of(const Error& error) {
  for (const ErrorAdvice& advice : advice_by_code) {
    if (error.code == advice.code) return advice.words;
  }
  if (error.errc == Errc::overloaded) {
    return "Nothing was done. Wait some minutes, then try again.";
  }
  return {};
}

void write_search(HtmlWriter& html) {
  html.markup(
      "<form class=\"search\" action=\"/search\" method=\"get\" role=\"search\"><div>"
      "<label for=\"q\">Search for a model, an entry, a meeting or a maker</label>"
      "<input id=\"q\" name=\"q\" type=\"search\"></div>"
      "<button class=\"button\" type=\"submit\">Search</button></form>\n");
}

}  // namespace

Page error_page(const Error& error) {
  Page page{.title = std::string(title_of_error(error.errc)), .main = {}};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"lead\">").text(error.detail).markup("</p>\n");
  const std::string_view advice = advice_of(error);
  if (!advice.empty()) html.element("p", advice);
  html.markup("<p class=\"small muted\">Code: <code>").text(error.code).markup("</code></p>\n");
  if (error.code == "session-ended") html.markup("<p><a href=\"/sign-in\">Sign in</a></p>\n");
  if (error.errc == Errc::not_found) write_search(html);
  html.markup("<p><a href=\"/\">Go to the home page</a></p>\n");
  return page;
}

}  // namespace cpl
