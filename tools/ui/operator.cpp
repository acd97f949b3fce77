#include "tools/ui/operator.hpp"

#include <nlohmann/json.hpp>

#include "api/html/said_time.hpp"
#include "api/http/form.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::size_t key_octets = 16;

struct ReadinessCode {
  std::string_view code;
  std::string_view means;
  std::string_view todo;
};
// As tools/cpld/README.md has them.
constexpr std::array<ReadinessCode, 5> readiness_codes = {
    {{"write-failed", "A full disk, no descriptors or memory, or a disk that does not answer.",
      "Mend it. The service goes on by itself."},
     {"clock-wrong",
      "The clock is more than 15 minutes from what the passed time gives, or behind the last "
      "entry.",
      "Put the clock right. If it is right, start once with --clock-is-right."},
     {"store-damaged", "A file of the database is missing, short or altered.",
      "Stop the service, keep a copy of its data, run cpl fsck, then restore a backup."},
     {"read-only", "The database is behind what was signed, or contradicts it.",
      "Never sign with it. Restore a backup with a copy of the log."},
     {"witness-alarm", "A witness showed another history of this log.",
      "Audit the log with the witness's checkpoint, keep both, and tell the Panel and the "
      "Parties."}}};

// The value of a metric without labels; nothing where it is not told.
std::optional<std::uint64_t> metric(std::string_view text, std::string_view name) {
  const std::string start = "\n" + std::string(name) + " ";
  const auto at = text.find(start);
  if (at == text.npos) return std::nullopt;
  const auto from = at + start.size();
  return from_decimal(text.substr(from, text.find('\n', from) - from));
}

void write_readiness_table(HtmlWriter& html) {
  html.markup("<details><summary><span>What can keep the service from taking statements");
  html.markup("</span></summary>\n");
  {
    Table table(html, "Each code, what it means and what to do", {"Code", "It means", "Do"});
    for (const ReadinessCode& row : readiness_codes) {
      table.cell().markup("<code>").text(row.code).markup("</code>");
      table.cell().text(row.means);
      table.cell().text(row.todo);
    }
  }
  html.markup("</details>\n");
}

void write_readiness(HtmlWriter& html, const Workplace& work) {
  const auto ready = work.client.get("/readyz", note_answer_max);
  if (ready) {
    note_start(html, Tone::good, "Ready: statements are taken");
    note_end(html);
  } else {
    note_start(html, Tone::bad, "Not ready: nothing new is taken");
    html.markup("<p>").text(ready.error().detail).markup("</p>\n<p>Code: <code>");
    html.text(ready.error().code).markup("</code>. ");
    for (const ReadinessCode& row : readiness_codes) {
      if (row.code == ready.error().code) html.text(row.todo);
    }
    html.markup("</p>");
    note_end(html);
  }
  write_readiness_table(html);
}

void write_lane(Table& table, std::string_view lane, const std::vector<Said>& subscriptions,
                std::string_view audience) {
  std::map<std::string, std::uint64_t, std::less<>> by_state;
  std::uint64_t behind = 0;
  for (const Said& one : subscriptions) {
    if (one["audience"].text() != audience) continue;
    ++by_state[std::string(one["state"].text())];
    const bool is_served = one["state"].text() == "active" || one["state"].text() == "quarantined";
    if (is_served) behind = std::max(behind, one["behind"].count());
  }
  table.cell().text(lane);
  table.cell().number(by_state["active"]);
  table.cell().number(behind);
  table.cell().number(by_state["quarantined"]);
  table.cell().number(by_state["pending"]);
  table.cell().number(by_state["paused"]);
}

Result<void> write_lanes(HtmlWriter& html, const Workplace& work) {
  const Json json = TRY(work.client.get_json("/v1/operator/subscriptions"));
  const auto subscriptions = Said(json)["subscriptions"].items();
  html.element("h2", "Deliveries");
  {
    Table table(html, "Subscriptions by lane",
                {"Lane", "#Active", "#Entries behind, at most", "#Quarantined", "#Not confirmed",
                 "#Paused"});
    write_lane(table, "Service Desk", subscriptions, "service_desk");
    write_lane(table, "Parties", subscriptions, "party");
  }
  const auto metrics = work.client.get("/metrics", note_answer_max);
  const auto untold = metrics ? metric(metrics->body, "cpl_desk_escalations_untold") : std::nullopt;
  if (untold && *untold > 0) {
    note_start(html, Tone::bad, "A late step is told to nobody");
    html.markup("<p>").number(*untold).markup(
        " late steps have a contact without an active subscription. Have the contact subscribe, or "
        "call.</p>");
    note_end(html);
  }
  return {};
}

void write_witnesses(HtmlWriter& html, Said status) {
  html.element("h2", "Keys and witnesses");
  const auto witnesses = status["witnesses"].items();
  if (witnesses.empty()) {
    html.markup("<p>This log has no witnesses.</p>\n");
  } else {
    Table table(html, "Who cosigns the log", {"Witness", "#Last size", "Last success"});
    for (const Said& witness : witnesses) {
      write_said(table.cell(), witness["name"].text());
      table.cell().number(witness["last_size"].count());
      HtmlWriter& time = table.cell();
      if (const auto at = witness["last_success"].time()) {
        write_time(time, format_time(*at));
      } else {
        time.markup("never");
      }
    }
  }
  html.markup(
      "<p><a href=\"/log/keys\">Whose keys count, and since when</a> &middot; <a href=\"/log\">The "
      "log</a></p>\n");
}

void write_service_facts(HtmlWriter& html, Said status) {
  Facts facts(html);
  facts.fact("Log", status["origin"].text());
  facts.fact("Entries").number(status["log_size"].count());
  facts.fact("Published").number(status["published_size"].count());
  if (const auto at = status["last_entry_time"].time()) facts.fact("Last entry", said_time(*at));
  if (const auto version = status["extract"]["version"].number()) {
    facts.fact("Newest extract").number(*version);
  }
  if (status["quorum"].exists()) {
    facts.fact("Witnesses needed")
        .number(status["quorum"]["needed"].count())
        .markup(" of ")
        .number(status["quorum"]["of"].count());
    facts.fact("Fresh now").number(status["quorum"]["fresh"].count());
  }
}

void write_backup_made(HtmlWriter& html, Said made) {
  const std::string folder(made["folder"].text());
  note_start(html, Tone::good, "The backup is made");
  {
    Facts facts(html);
    write_hash(facts.fact("Folder, on the service's machine"), folder);
    facts.fact("Entries").number(made["size"].count());
  }
  html.markup(
      "<p>Copy it away from that machine. Then check it there, value by value, against a replay of "
      "its entries:</p>\n<pre>cpl fsck ");
  html.text(folder).markup("</pre>\n");
  note_end(html);
}

Result<Page> backups_page(const Workplace& work, const SentForm* form) {
  Page page = begin_operator_page("Backups");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  if (form != nullptr) {
    const Json made =
        TRY(json_of(TRY(work.client.post("/v1/operator/backups", "", "application/json"))));
    write_backup_made(html, Said(made));
  } else {
    html.markup(
        "<p class=\"lead\">A backup holds the log, the Parties and their subscriptions. Keys and "
        "<code>signed-size</code> are not in it.</p>\n");
  }
  operator_form_start(html, work, Href("/operator/backups"));
  operator_form_end(html, "Make a backup now");
  return page;
}

}  // namespace

Result<Page> operator_home(const Workplace& work) {
  Page page = begin_operator_page("Operator");
  page.crumbs.clear();
  const Json json = TRY(work.client.get_json("/v1/status"));
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  write_readiness(html, work);
  html.markup(
      "<ul class=\"places\"><li><a href=\"/operator/parties\">Parties and their tokens</a></li>"
      "<li><a href=\"/operator/subscriptions\">Everybody&rsquo;s subscriptions</a></li>"
      "<li><a href=\"/deliveries\">Who was reached by an entry</a></li>"
      "<li><a href=\"/operator/openings\">Sealed texts that are kept</a></li>"
      "<li><a href=\"/operator/backups\">Backups</a></li></ul>\n");
  html.element("h2", "The log");
  write_service_facts(html, Said(json));
  TRY_VOID(write_lanes(html, work));
  write_witnesses(html, Said(json));
  return page;
}

bool holds_operator_token(const Workplace& work) {
  return !work.cli.identity.bearer_token.empty() &&
         work.client.get("/v1/operator/parties", json_answer_max).has_value();
}

std::string_view OperatorRequest::part(std::size_t at) const {
  return at + 1 < segments.size() ? std::string_view(segments[at + 1]) : std::string_view();
}

std::string_view OperatorRequest::asked(std::string_view name) const {
  return form_field(query, name);
}

Page begin_operator_page(std::string title) {
  return {.title = std::move(title),
          .main = {},
          .section = Section::operate,
          .crumbs = {{"Operator", Href("/operator")}}};
}

void operator_form_start(HtmlWriter& html, const Workplace& work, const Href& action) {
  html.markup("<form class=\"form\" method=\"post\" action=\"").text(action.text()).markup("\">");
  write_form_key(html, work, action);
  html.markup("<input type=\"hidden\" name=\"once\" value=\"");
  html.text(to_hex(random_bytes(key_octets))).markup("\">");
}

void operator_form_end(HtmlWriter& html, std::string_view words) {
  html.markup("<p><button class=\"button\" type=\"submit\">").text(words);
  html.markup("</button></p></form>\n");
}

std::string made_once_key(const SentForm& form) {
  const auto octets = from_hex(form.field("once"));
  return octets && octets->size() == key_octets ? std::string(form.field("once")) : std::string();
}

StateWords overseen_state(std::string_view state) {
  if (state == "active") return {Tone::good, "Active", {}};
  if (state == "quarantined") return {Tone::bad, "Quarantined", {}};
  if (state == "pending") return {Tone::warn, "Not confirmed", {}};
  if (state == "paused") return {Tone::grey, "Paused", {}};
  return {Tone::grey, std::string(state), {}};
}

Result<std::optional<Page>> operator_page_of(const Workplace& work, const OperatorRequest& asked) {
  if (asked.segments.front() == "deliveries") {
    const bool is_page = asked.form == nullptr && asked.segments.size() <= 2;
    return is_page ? std::optional(TRY(reach_page(work, asked))) : std::optional<Page>();
  }
  const std::string_view part = asked.part(0);
  if (asked.segments.size() == 1 && asked.form == nullptr) {
    return std::optional(TRY(operator_home(work)));
  }
  if (part == "parties") return parties_page_of(work, asked);
  if (part == "subscriptions") return deliveries_page_of(work, asked);
  if (part == "openings") return openings_page_of(work, asked);
  if (part == "backups" && asked.segments.size() == 2) {
    return std::optional(TRY(backups_page(work, asked.form)));
  }
  return std::optional<Page>();
}

}  // namespace cpl
