// A new subscription: where to and what of, what that would have told of late, and its secret.
#include <nlohmann/json.hpp>

#include "api/pages/own_words.hpp"
#include "api/pages/shared.hpp"
#include "api/pages/subscription_form.hpp"
#include "api/pages/subscription_keys.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t preview_days = 90;

Page new_page(std::string title) {
  return {.title = std::move(title), .main = {}, .crumbs = {{"Your notifications", Href("/me")}}};
}

Page wish_form(const PageRequest& request, const std::vector<FieldFault>& faults) {
  Page page = new_page(faults.empty() ? "New subscription" : "Error: New subscription");
  HtmlWriter& html = page.main;
  if (!faults.empty()) {
    page.status = 400;
    write_error_summary(html, faults);
  }
  html.markup("<h1>New subscription</h1>\n");
  form_start(html, Href("/me/subscriptions/new"), request.form_key);
  html.element("h2", "Where to");
  write_where(html, request.query, faults);
  write_select(
      html, "delivery", "How often",
      {{"at_once", "Each change at once"}, {"daily", "One message a day (an e-mail address only)"}},
      request.asked("delivery"));
  html.element("h2", "What about");
  write_what(html, request.query, request.viewer, faults);
  html.markup(
      "<p><button class=\"button\" type=\"submit\" name=\"act\" value=\"check\">Go on: see what "
      "you would be told</button></p>\n</form>\n");
  return page;
}

void write_preview(HtmlWriter& html, Said preview) {
  const std::uint64_t count = preview["count"].count();
  html.markup("<p class=\"lead\">It would have told you ");
  if (!preview["complete"].is_true()) html.markup("at least ");
  html.markup("<strong>").text(counted(count, "change")).markup("</strong>");
  html.markup(" in the last 90 days.</p>\n");
  const auto newest = preview["newest"].items();
  if (newest.empty()) return;
  Table table(html, "The newest of them", {"When", "What"});
  for (const Said& event : newest) {
    write_time(table.cell(), event["time"].text());
    write_summary(table.cell(), event["summary"].text());
  }
}

// Nothing is made yet.
Result<Page> checked_wish(const PageRequest& request, const PageSource& source) {
  if (request.asked("url").empty()) {
    return wish_form(request, {{"url", "Say where events are to go."}});
  }
  const Json filter = filter_given(request.query);
  const auto preview =
      source.ask(Href("/v1/subscriptions/preview"), {{"filter", filter}, {"days", preview_days}});
  if (!preview) {
    if (preview.error().errc != Errc::invalid) return preview.error();
    return wish_form(request, faults_at_fields(preview.error()));
  }
  Page page = new_page("Check the new subscription");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  write_preview(html, Said(*preview));
  {
    Facts facts(html);
    facts.fact("Goes to", receiver_address(url_given(request.query)));
    facts.fact("How often", request.asked("delivery") == "daily" ? "one message a day" : "at once");
    write_filter(facts, Said(filter));
  }
  form_start(html, Href("/me/subscriptions/new"), request.form_key);
  write_given(html, request.query);
  html.markup(
      "<p class=\"row\"><button class=\"button\" type=\"submit\" name=\"act\" value=\"make\">Make "
      "it</button><button class=\"button second\" type=\"submit\" name=\"act\" "
      "value=\"edit\">Change something</button></p>\n</form>\n");
  return page;
}

Result<Page> made_wish(const PageRequest& request, const PageSource& source) {
  Json wish = {{"url", url_given(request.query)}, {"filter", filter_given(request.query)}};
  if (request.asked("delivery") == "daily") wish["delivery"] = "daily";
  const auto made = source.answer({.method = HttpMethod::post,
                                   .path = Href("/v1/subscriptions"),
                                   .body = wish.dump(),
                                   .key = request.sent_form});
  if (!made) {
    if (made.error().errc != Errc::invalid) return made.error();
    return wish_form(request, faults_at_fields(made.error()));
  }
  const Json subscription = TRY(made->json());
  return subscription_keys_page("The subscription is made", Said(subscription));
}

}  // namespace

Result<Page> new_subscription_page(const PageRequest& request, const PageSource& source) {
  const std::string_view act = request.asked("act");
  if (request.is_sent && act == "check") return checked_wish(request, source);
  if (request.is_sent && act == "make") return made_wish(request, source);
  return wish_form(request, {});
}

}  // namespace cpl
