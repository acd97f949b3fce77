// A Party's own place: where its notifications go and what keeps them, its reports, and who is
// signed in for it.
#include <nlohmann/json.hpp>

#include "api/pages/own_words.hpp"
#include "api/pages/shared.hpp"

namespace cpl {
namespace {

Href subscription_page_of(Said subscription) {
  return Href("/me/subscriptions").segment(subscription["id"].text());
}

void write_trouble(HtmlWriter& html, Said subscription) {
  const std::string_view state = subscription["state"].text();
  if (state != "quarantined" && state != "pending") return;
  const bool is_quarantined = state == "quarantined";
  note_start(html, is_quarantined ? Tone::bad : Tone::warn,
             is_quarantined ? "A receiver is not reached" : "A receiver is not confirmed yet");
  html.markup("<p>");
  write_link(html, subscription_page_of(subscription),
             receiver_address(subscription["url"].text()));
  html.markup(": ").text(subscription_state(state).sentence).markup("</p>\n");
  if (subscription["last_failure"].exists()) {
    html.markup("<p>What went wrong: ");
    write_said(html, subscription["last_failure"].text());
    html.markup(".</p>\n");
  }
  html.markup("<p>What to do: ");
  if (is_quarantined) {
    html.markup("mend the receiver, then open the subscription and resume it.</p>\n");
  } else if (is_mailbox(subscription["url"].text())) {
    html.markup("open the subscription and type in the code that was mailed there.</p>\n");
  } else {
    html.markup("give the receiver its secret, then open the subscription and ask it again.</p>\n");
  }
  note_end(html);
}

void write_subscriptions(HtmlWriter& html, const std::vector<Said>& subscriptions,
                         std::uint64_t log_size) {
  if (subscriptions.empty()) {
    html.element("p", "You have none yet. Changes to the list are told to nobody in your name.");
    return;
  }
  Table table(html, "Where changes are sent to",
              {"Goes to", "State", "#Entries behind", "Last failure", "Next attempt"});
  for (const Said& own : subscriptions) {
    HtmlWriter& where = table.cell();
    write_link(where, subscription_page_of(own), receiver_address(own["url"].text()));
    where.markup("<br>").text(receiver_kind(own));
    write_tag(table.cell(), subscription_state(own["state"].text()));
    table.cell().number(log_size - std::min(log_size, own["cursor"].count()));
    HtmlWriter& failure = table.cell();
    if (own["last_failure"].exists()) {
      write_said(failure, own["last_failure"].text());
    } else {
      failure.markup("none");
    }
    HtmlWriter& next = table.cell();
    if (own["next_attempt"].exists()) {
      write_time(next, own["next_attempt"].text());
    } else {
      next.markup("with the next event");
    }
  }
}

Result<void> write_reports(HtmlWriter& html, const PageSource& source) {
  const auto json = source.get(Href("/v1/reports").query("limit", "100"));
  if (!json && json.error().code == "reports-unavailable") return {};  // None are taken here.
  if (!json) return json.error();
  html.element("h2", "Your reports to SECAS");
  const auto reports = reversed(Said(*json)["reports"].items());
  if (reports.empty()) html.element("p", "You have sent none.");
  if (!reports.empty()) {
    Table table(html, "What you told SECAS, newest first", {"Report", "Model", "Sent", "State"});
    for (const Said& report : reports) {
      const std::uint64_t number = report["number"].count();
      write_link(table.cell(), Href("/reports").segment(number), std::to_string(number));
      write_model_link(table.cell(), report["model"].text());
      write_time(table.cell(), report["received"].text());
      write_tag(table.cell(), report_state(report));
    }
  }
  html.markup("<p><a href=\"/report\">Report a wrong entry</a></p>\n");
  return {};
}

Result<void> write_sessions(HtmlWriter& html, const PageRequest& request,
                            const PageSource& source) {
  html.element("h2", "Who is signed in");
  const Json json = TRY(source.get(Href("/v1/sessions")));
  const auto sessions = Said(json)["sessions"].items();
  if (sessions.empty()) html.element("p", "Nobody by a token.");
  if (!sessions.empty()) {
    Table table(html, "Sessions that your tokens began", {"Since", "Last used", "End it"});
    for (const Said& session : sessions) {
      const std::string_view id = session["id"].text();
      write_time(table.cell(), session["began"].text());
      write_time(table.cell(), session["used"].text());
      HtmlWriter& end = table.cell();
      if (id == request.viewer.session) {
        end.markup("This is you: sign out above");
        continue;
      }
      form_start(end, Href("/me"), request.form_key);
      write_hidden(end, "session", id);
      end.markup("<button class=\"copy\" type=\"submit\">End it<span class=\"hidden\">: ");
      end.text(id).markup("</span></button></form>");
    }
  }
  return {};
}

}  // namespace

Result<Page> me_page(const PageRequest& request, const PageSource& source) {
  Page page{.title = "Your notifications", .main = {}, .alternate = "/v1/subscriptions"};
  if (request.is_sent) {
    const Href session = Href("/v1/sessions").segment(request.asked("session"));
    TRY(source.answer({.method = HttpMethod::delete_, .path = session}));
    page.see_other = Href("/me");
    return page;
  }
  const Json own = TRY(source.get(Href("/v1/subscriptions")));
  const Json status = TRY(source.get(Href("/v1/status")));
  const auto subscriptions = Said(own)["subscriptions"].items();
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  for (const Said& subscription : subscriptions) write_trouble(html, subscription);
  write_subscriptions(html, subscriptions, Said(status)["log_size"].count());
  html.markup(
      "<p class=\"row\"><a class=\"button\" href=\"/me/subscriptions/new\">New subscription</a>"
      "<a href=\"/me/openings\">Sealed texts that you may read</a></p>\n");
  TRY_VOID(write_reports(html, source));
  TRY_VOID(write_sessions(html, request, source));
  return page;
}

}  // namespace cpl
