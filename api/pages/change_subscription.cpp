// A subscription's address and filter changed, and a subscription ended: only by who has seen it as
// it is.
#include <nlohmann/json.hpp>

#include "api/pages/own_words.hpp"
#include "api/pages/shared.hpp"
#include "api/pages/subscription_form.hpp"

namespace cpl {
namespace {

Href page_at(const PageRequest& request, std::string_view below) {
  Href own = Href("/me/subscriptions").segment(request.place());
  return below.empty() ? own : own.segment(below);
}

Page subscription_form_page(const PageRequest& request, std::string title) {
  return {.title = std::move(title),
          .main = {},
          .crumbs = {{"Your notifications", Href("/me")}, {"Subscription", page_at(request, {})}}};
}

// As it is now, with its tag.
Result<ApiAnswer> present_state(const PageRequest& request, const PageSource& source) {
  return source.answer({.path = Href("/v1/subscriptions").segment(request.place())});
}

Page change_form(const PageRequest& request, const HttpParameters& form, std::string_view tag,
                 const std::vector<FieldFault>& faults) {
  Page page = subscription_form_page(
      request, faults.empty() ? "Change address or filter" : "Error: Change address or filter");
  HtmlWriter& html = page.main;
  if (!faults.empty()) {
    page.status = 400;
    write_error_summary(html, faults);
  }
  html.markup("<h1>Change address or filter</h1>\n");
  html.element("p", "A new address is asked whether it wants events before any are sent there.");
  form_start(html, page_at(request, "change"), request.form_key);
  write_hidden(html, "tag", tag);
  html.element("h2", "Where to");
  write_where(html, form, faults);
  html.element("h2", "What about");
  write_what(html, form, request.viewer, faults);
  html.markup("<p><button class=\"button\" type=\"submit\">Change it</button></p>\n</form>\n");
  return page;
}

void write_wish(HtmlWriter& html, std::string_view heading, std::string_view url, Said filter) {
  html.element("h2", heading);
  Facts facts(html);
  facts.fact("Goes to", receiver_address(url));
  write_filter(facts, filter);
}

// Somebody else was here in between: both, and a choice.
Result<Page> conflict_page(const PageRequest& request, const PageSource& source) {
  const ApiAnswer present = TRY(present_state(request, source));
  const Json json = TRY(present.json());
  Page page = subscription_form_page(request, "It was changed since you looked");
  page.status = 412;
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.element("p",
               "Somebody else of your Party changed this subscription in between. Nothing of yours "
               "was done. Compare both, and choose.");
  write_wish(html, "As it is now", Said(json)["url"].text(), Said(json)["filter"]);
  const Json filter = filter_given(request.query);
  write_wish(html, "As you want it", url_given(request.query), Said(filter));
  form_start(html, page_at(request, "change"), request.form_key);
  write_hidden(html, "tag", present.tag);
  write_given(html, request.query);
  html.markup(
      "<p class=\"row\"><button class=\"button\" type=\"submit\">Change it as I want it</button>");
  write_link(html, page_at(request, {}), "Leave it as it is now");
  html.markup("</p>\n</form>\n");
  return page;
}

Result<Page> changed(const PageRequest& request, const PageSource& source) {
  const Json wish = {{"url", url_given(request.query)}, {"filter", filter_given(request.query)}};
  const auto done = source.answer({.method = HttpMethod::patch,
                                   .path = Href("/v1/subscriptions").segment(request.place()),
                                   .body = wish.dump(),
                                   .if_match = std::string(request.asked("tag"))});
  if (!done && done.error().code == "precondition-failed") return conflict_page(request, source);
  const bool is_fault = !done && done.error().errc == Errc::invalid;
  if (is_fault && done.error().code != "precondition-required") {
    return change_form(request, request.query, request.asked("tag"),
                       faults_at_fields(done.error()));
  }
  if (!done) return done.error();
  Page page;
  page.see_other = page_at(request, {}).query("done", "change");
  return page;
}

// `is_late`: it was changed since its owner decided to end it.
Result<Page> end_form(const PageRequest& request, const PageSource& source, bool is_late) {
  const ApiAnswer present = TRY(present_state(request, source));
  const Json json = TRY(present.json());
  Page page = subscription_form_page(request, "End this subscription");
  HtmlWriter& html = page.main;
  if (is_late) {
    page.status = 412;
    note_start(html, Tone::bad, "It was changed since you looked");
    html.element("p", "It was not ended. Below is what it is now: do you still want to end it?");
    note_end(html);
  }
  html.element("h1", page.title);
  html.element("p",
               "Nothing more is sent there. This cannot be undone: to be told again you make a new "
               "one, with a new secret.");
  write_wish(html, "What ends", Said(json)["url"].text(), Said(json)["filter"]);
  form_start(html, page_at(request, "end"), request.form_key);
  write_hidden(html, "tag", present.tag);
  html.markup("<p class=\"row\"><button class=\"button stop\" type=\"submit\">End it</button>");
  write_link(html, page_at(request, {}), "Keep it");
  html.markup("</p>\n</form>\n");
  return page;
}

}  // namespace

Result<Page> change_subscription_page(const PageRequest& request, const PageSource& source) {
  if (request.is_sent) return changed(request, source);
  const ApiAnswer present = TRY(present_state(request, source));
  const Json json = TRY(present.json());
  return change_form(request, form_of(Said(json)), present.tag, {});
}

Result<Page> end_subscription_page(const PageRequest& request, const PageSource& source) {
  if (!request.is_sent) return end_form(request, source, false);
  const auto ended = source.answer({.method = HttpMethod::delete_,
                                    .path = Href("/v1/subscriptions").segment(request.place()),
                                    .if_match = std::string(request.asked("tag"))});
  if (!ended && ended.error().code == "precondition-failed") {
    return end_form(request, source, true);
  }
  if (!ended) return ended.error();
  Page page;
  page.see_other = Href("/me");
  return page;
}

}  // namespace cpl
