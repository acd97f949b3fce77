#include "api/pages/subscription_keys.hpp"

#include "api/html/parts.hpp"
#include "api/html/said_time.hpp"
#include "api/pages/own_words.hpp"

namespace cpl {
namespace {

void write_key(HtmlWriter& html, std::string_view name, std::string_view key) {
  html.markup("<h2>").text(name).markup("</h2>\n<div class=\"row\"><code>").text(key);
  html.markup("</code><button class=\"copy\" type=\"button\" hidden data-copy=\"").text(key);
  html.markup("\">Copy<span class=\"hidden\"> it</span></button></div>\n");
}

void write_old_keys(HtmlWriter& html, Said subscription) {
  const auto old = subscription["old_keys"].items();
  if (old.empty()) return;
  html.markup("<p>The secret before this one still signs beside it until ");
  write_time(html, old.back()["until"].text());
  html.markup(": give your receiver the new one by then.</p>\n");
}

void write_webhook_steps(HtmlWriter& html) {
  html.element("h2", "What your receiver must do once");
  Steps steps(html);
  steps.step("It says that it wants events.", false);
  html.markup(
      "</p><p>It answers an <code>OPTIONS</code> request with the header "
      "<code>WebHook-Allowed-Origin: *</code>.</p>");
  steps.step("It gives a challenge back.", false);
  html.markup(
      "</p><p>It is sent a signed event with <code>data.challenge</code>, and answers with "
      "<code>Content-Type: application/json</code> and <code>{\"challenge\": \"the "
      "same\"}</code>.</p>");
}

void write_mailbox_steps(HtmlWriter& html) {
  html.element("h2", "What happens now");
  html.element("p",
               "A code is mailed to that address. Type it in on the subscription's page within 15 "
               "minutes: so nobody is sent mail who does not want it.");
}

}  // namespace

Page subscription_keys_page(std::string title, Said subscription) {
  const bool is_mail = is_mailbox(subscription["url"].text());
  Page page{.title = std::move(title), .main = {}, .crumbs = {{"Your notifications", Href("/me")}}};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"lead\">").text(receiver_kind(subscription)).markup(" ");
  write_said(html, receiver_address(subscription["url"].text()));
  html.markup("</p>\n");
  if (is_mail) {
    write_mailbox_steps(html);
  } else {
    note_start(html, Tone::warn, "Keep the secret now");
    html.element("p",
                 "It is shown on this page alone and can never be shown again. Your receiver needs "
                 "it to see that an event is from this registry.");
    note_end(html);
    write_key(html, "Secret", subscription["secret"].text());
    write_key(html, "Public key, for signatures of version v1a", subscription["public_key"].text());
    write_old_keys(html, subscription);
    if (subscription["state"].text() == "pending") write_webhook_steps(html);
  }
  const Href own = Href("/me/subscriptions").segment(subscription["id"].text());
  html.markup("<p><a class=\"button\" href=\"").text(own.text());
  html.markup("\">Go on to the subscription</a></p>\n");
  return page;
}

}  // namespace cpl
