// What became of a subscription's deliveries: the attempts that are kept, and each by itself.
#include <nlohmann/json.hpp>

#include "api/pages/asked_day.hpp"
#include "api/pages/attempt_rows.hpp"
#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::string_view attempts_shown = "50";

void write_answer_status(HtmlWriter& html, Said attempt) {
  if (const auto status = attempt["status"].number()) {
    html.text(std::to_string(*status));
  } else if (attempt["outcome"].text() == "failed") {
    html.markup("none");
  }
}

Href deliveries_of(std::string_view id) {
  return Href("/v1/subscriptions").segment(id).segment("deliveries");
}

std::vector<Crumb> crumbs_to(std::string_view id) {
  return {{"Your notifications", Href("/me")},
          {"Subscription", Href("/me/subscriptions").segment(id)}};
}

void write_attempt_filter(HtmlWriter& html, const PageRequest& request) {
  const Href own = Href("/me/subscriptions").segment(request.place()).segment("attempts");
  html.markup("<form class=\"filters\" action=\"").text(own.text());
  html.markup("\" method=\"get\">\n");
  write_select(html, "state", "Outcome",
               {{"", "All"}, {"delivered", "Delivered"}, {"failed", "Failed"}},
               request.asked("state"));
  write_day_field(html, "Since", asked_parts(request));
  html.markup("<button class=\"button second\" type=\"submit\">Show</button>\n</form>\n");
}

// The same, and those before.
std::optional<Href> older_attempts(const PageRequest& request, Said answer) {
  const auto before = answer["before"].number();
  if (!before) return std::nullopt;
  Href older = Href("/me/subscriptions").segment(request.place()).segment("attempts");
  for (const std::string_view name : {"state", "day", "month", "year"}) {
    if (!request.asked(name).empty()) older.query(name, request.asked(name));
  }
  return older.query("before", std::to_string(*before));
}

void write_attempt_facts(HtmlWriter& html, Said attempt) {
  Facts facts(html);
  facts.fact("Sent", sent_words(attempt));
  if (const auto entry = entry_of(attempt["sequence"])) {
    write_entry_link(facts.fact("Entry"), *entry);
  }
  if (attempt["event"].exists()) {
    facts.fact("Its webhook-id").markup("<code>").text(attempt["event"].text()).markup("</code>");
  }
  write_time(facts.fact("When"), attempt["time"].text());
  facts.fact("Size", counted(attempt["request_octets"].count(), "octet"));
  write_answer_status(facts.fact("Status of the answer"), attempt);
  if (const auto took = attempt["took_millis"].number()) {
    facts.fact("Took", grouped(*took) + " ms");
  }
  if (attempt["next_attempt"].exists()) {
    write_time(facts.fact("Next attempt"), attempt["next_attempt"].text());
  }
}

void write_what_went_wrong(HtmlWriter& html, Said attempt) {
  if (attempt["outcome"].text() == "delivered") return;
  note_start(html, Tone::bad, "What went wrong");
  html.markup("<p>");
  write_said(html, failure_words(attempt["failure"].text()));
  html.markup("</p>\n<p><strong>What to do:</strong> ").text(attempt_advice(attempt));
  html.markup("</p>\n");
  if (attempt["next_attempt"].exists()) {
    html.element("p", "Nothing is lost: the same event is sent again, with the same id.");
  }
  note_end(html);
}

}  // namespace

Href attempt_page_of(std::string_view subscription, Said attempt) {
  return Href("/me/subscriptions")
      .segment(subscription)
      .segment("attempts")
      .segment(attempt["number"].count());
}

void write_attempts(HtmlWriter& html, std::string_view subscription,
                    const std::vector<Said>& attempts) {
  if (attempts.empty()) {
    html.element("p", "There are none.");
    return;
  }
  Table table(html, "Attempts, newest first",
              {"When", "Sent", "Outcome", "Answer", "#Milliseconds", "Next attempt"});
  for (const Said& attempt : attempts) {
    HtmlWriter& when = table.cell();
    when.markup("<a href=\"").text(attempt_page_of(subscription, attempt).text()).markup("\">");
    write_time(when, attempt["time"].text());
    when.markup("</a>");
    table.cell().text(sent_words(attempt));
    HtmlWriter& outcome = table.cell();
    write_tag(outcome, attempt_outcome(attempt));
    if (attempt["failure"].exists()) {
      outcome.markup(" ");
      write_said(outcome, attempt["failure"].text());
    }
    write_answer_status(table.cell(), attempt);
    HtmlWriter& took = table.cell();
    if (const auto millis = attempt["took_millis"].number()) took.number(*millis);
    HtmlWriter& next = table.cell();
    if (attempt["next_attempt"].exists()) write_time(next, attempt["next_attempt"].text());
  }
}

Result<Page> attempts_page(const PageRequest& request, const PageSource& source) {
  const std::string_view id = request.place();
  Href path = deliveries_of(id).query("limit", attempts_shown);
  if (!request.asked("state").empty()) path.query("outcome", request.asked("state"));
  if (!request.asked("before").empty()) path.query("before", request.asked("before"));
  if (const auto since = TRY(asked_day(request))) path.query("since", format_time(since->begin));
  const Json json = TRY(source.get(path));
  Page page{.title = "Attempts to deliver",
            .main = {},
            .crumbs = crumbs_to(id),
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.element("p", "The newest 200 are kept. Open one to see what was answered, and what to do.");
  write_attempt_filter(html, request);
  write_attempts(html, id, Said(json)["deliveries"].items());
  write_next(html, older_attempts(request, Said(json)), "Older attempts");
  return page;
}

Result<Page> attempt_page(const PageRequest& request, const PageSource& source) {
  const std::string_view id = request.place();
  const Href path = deliveries_of(id).segment(request.place(1));
  const Json json = TRY(source.get(path));
  const Said attempt(json);
  Page page{.title = "Attempt " + std::string(request.place(1)),
            .main = {},
            .crumbs = crumbs_to(id),
            .alternate = path.text()};
  page.crumbs.push_back({"Attempts", Href("/me/subscriptions").segment(id).segment("attempts")});
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"row\">");
  write_tag(html, attempt_outcome(attempt));
  html.markup("</p>\n");
  write_what_went_wrong(html, attempt);
  write_attempt_facts(html, attempt);
  if (attempt["answer"].exists() && !attempt["answer"].text().empty()) {
    html.element("h2", "How the answer begins");
    html.markup("<pre>").text(attempt["answer"].text()).markup("</pre>\n");
  }
  return page;
}

}  // namespace cpl
