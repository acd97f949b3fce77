// Everybody's subscriptions: how each stands, what keeps it, and what can be done.
#include <nlohmann/json.hpp>

#include "api/html/said_time.hpp"
#include "api/pages/own_words.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/told.hpp"
#include "tools/ui/operator.hpp"

namespace cpl {
namespace {

Href page_of_subscription(std::string_view id) {
  return Href("/operator/subscriptions").segment(id);
}

// What is in trouble first.
int trouble_of(Said subscription) {
  const std::string_view state = subscription["state"].text();
  if (state == "quarantined") return 0;
  if (state == "active" && subscription["failed_attempts"].count() > 0) return 1;
  if (state == "pending") return 2;
  return state == "paused" ? 3 : 4;
}

void write_failure(HtmlWriter& cell, Said subscription) {
  if (subscription["last_failure"].exists()) {
    write_said(cell, subscription["last_failure"].text());
  } else {
    cell.markup("none");
  }
}

void write_next_attempt(HtmlWriter& cell, Said subscription) {
  if (subscription["next_attempt"].exists()) {
    write_time(cell, subscription["next_attempt"].text());
  } else {
    cell.markup("with the next event");
  }
}

void write_rows(HtmlWriter& html, const std::vector<Said>& subscriptions) {
  Table table(html, "What is in trouble first",
              {"Subscription", "Whose", "Goes to", "State", "#Entries behind", "Last failure",
               "Next attempt"});
  for (const Said& one : subscriptions) {
    write_link(table.cell(), page_of_subscription(one["id"].text()), one["id"].text());
    write_link(table.cell(), Href("/operator/parties").segment(one["owner"].text()),
               one["owner"].text());
    write_said(table.cell(), receiver_address(one["receiver"].text()));
    write_tag(table.cell(), overseen_state(one["state"].text()));
    table.cell().number(one["behind"].count());
    write_failure(table.cell(), one);
    write_next_attempt(table.cell(), one);
  }
}

Result<Page> subscriptions_page(const Workplace& work, std::string_view state) {
  Href path("/v1/operator/subscriptions");
  if (!state.empty()) path.query("state", state);
  const Json json = TRY(work.client.get_json(path.text()));
  auto subscriptions = Said(json)["subscriptions"].items();
  std::stable_sort(subscriptions.begin(), subscriptions.end(),
                   [](const Said& a, const Said& b) { return trouble_of(a) < trouble_of(b); });
  Page page = begin_operator_page("Everybody's subscriptions");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<form class=\"filters\" method=\"get\" action=\"/operator/subscriptions\">");
  write_select(html, "state", "State",
               {{"", "All"},
                {"quarantined", "Quarantined"},
                {"active", "Active"},
                {"pending", "Not confirmed"},
                {"paused", "Paused"}},
               state);
  html.markup("<p><button class=\"button\" type=\"submit\">Show</button></p></form>\n");
  if (subscriptions.empty()) {
    html.markup("<p class=\"lead\">None.</p>\n");
  } else {
    write_rows(html, subscriptions);
  }
  return page;
}

std::string advice_for(Said subscription) {
  const std::string_view state = subscription["state"].text();
  if (state == "quarantined") {
    return "Its receiver failed for days. Nothing is lost: the oldest event is tried once an hour. "
           "Tell the Party by another way; when its receiver is mended, try at once.";
  }
  if (state == "pending") {
    return "Its receiver has not consented yet, so that nothing is sent to it. Ask the Party.";
  }
  if (state == "paused") return "Its owner has paused it. The owner alone lets it go on.";
  if (subscription["failed_attempts"].count() > 0) {
    return "The last attempts failed. It is tried again by itself.";
  }
  return "Nothing troubles it.";
}

void write_facts_of(HtmlWriter& html, Said subscription) {
  Facts facts(html);
  write_link(facts.fact("Whose"), Href("/operator/parties").segment(subscription["owner"].text()),
             subscription["owner"].text());
  facts.fact("Goes to", receiver_address(subscription["receiver"].text()));
  write_tag(facts.fact("State"), overseen_state(subscription["state"].text()));
  write_time(facts.fact("Since"), subscription["state_since"].text());
  facts.fact("Entries behind").number(subscription["behind"].count());
  write_failure(facts.fact("Last failure"), subscription);
  write_next_attempt(facts.fact("Next attempt"), subscription);
}

void write_attempts(HtmlWriter& html, const std::vector<Said>& attempts) {
  html.element("h2", "The newest attempts");
  if (attempts.empty()) {
    html.markup("<p>None yet.</p>\n");
    return;
  }
  Table table(html, "Newest first", {"When", "What", "Outcome", "Reason"});
  for (const Said& attempt : attempts) {
    write_time(table.cell(), attempt["time"].text());
    table.cell().text(sent_words(attempt));
    write_tag(table.cell(), attempt_outcome(attempt));
    HtmlWriter& reason = table.cell();
    if (attempt["failure"].exists()) {
      write_said(reason, attempt["failure"].text());
    } else {
      reason.markup("none");
    }
  }
}

Result<Page> subscription_page(const Workplace& work, const std::string& id) {
  const Json json = TRY(work.client.get_json(
      Href("/v1/operator/subscriptions").segment(id).segment("deliveries").text()));
  const Said subscription = Said(json)["subscription"];
  Page page = begin_operator_page(id);
  page.crumbs.push_back({"Subscriptions", Href("/operator/subscriptions")});
  HtmlWriter& html = page.main;
  html.markup("<h1 class=\"address\">").text(page.title).markup("</h1>\n");
  html.markup("<p class=\"lead\">").text(advice_for(subscription)).markup("</p>\n");
  write_facts_of(html, subscription);
  if (subscription["state"].text() == "quarantined") {
    operator_form_start(html, work, page_of_subscription(id).segment("retry"));
    operator_form_end(html, "Try at once");
  }
  html.element("h2", "Send again");
  operator_form_start(html, work, page_of_subscription(id).segment("replay"));
  write_text_field(html, "from", "From entry", "",
                   "Its number. What was sent since is sent again, under the same ids");
  operator_form_end(html, "Send again from there");
  write_attempts(html, Said(json)["deliveries"].items());
  return page;
}

Result<Page> act_on(const Workplace& work, const std::string& id, std::string_view act,
                    const SentForm& form) {
  const std::string path = Href("/v1/operator/subscriptions").segment(id).segment(act).text();
  Json answer;
  if (act == "replay") {
    const auto from = from_decimal(form.field("from"));
    if (!from) {
      return malformed("index-malformed", "Give the number of the entry to send again from.");
    }
    answer = TRY(json_of(TRY(work.client.create(path, Json{{"from", *from}}.dump(),
                                                "application/json", made_once_key(form)))));
  } else {
    answer = TRY(json_of(TRY(work.client.post(path, "", "application/json"))));
  }
  TRY_VOID(check_told(answer, "id", id));
  Page page = begin_operator_page("");
  page.see_other = page_of_subscription(id);
  return page;
}

}  // namespace

Result<std::optional<Page>> deliveries_page_of(const Workplace& work,
                                               const OperatorRequest& asked) {
  const std::string id(asked.part(1));
  const std::string_view act = asked.part(2);
  const std::size_t depth = asked.segments.size();
  if (asked.form == nullptr) {
    if (depth == 2) return std::optional(TRY(subscriptions_page(work, asked.asked("state"))));
    if (depth == 3) return std::optional(TRY(subscription_page(work, id)));
    return std::optional<Page>();
  }
  if (depth == 4 && (act == "retry" || act == "replay")) {
    return std::optional(TRY(act_on(work, id, act, *asked.form)));
  }
  return std::optional<Page>();
}

}  // namespace cpl
