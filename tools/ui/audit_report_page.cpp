#include <nlohmann/json.hpp>

#include "api/html/said_time.hpp"
#include "api/pages/state_words.hpp"
#include "tools/ui/audit_pages.hpp"

namespace cpl {
namespace {

constexpr std::size_t rows_max = 1000;  // Of one table, so that the page can be printed.

void write_outcome(HtmlWriter& html, Said report) {
  const std::string_view outcome = report["outcome"].text();
  if (outcome == "sound") {
    note_start(html, Tone::good, "Sound: nothing is wrong");
  } else if (outcome == "stale") {
    note_start(html, Tone::warn, "Sound, but old");
  } else {
    note_start(html, Tone::bad, "Not sound");
  }
  if (outcome == "sound") {
    html.markup("<p>Every entry and signature holds, and the list follows from them.</p>\n");
  } else {
    html.markup("<p>").text(report["sentence"].text()).markup("</p>\n");
  }
  if (outcome != "sound" && outcome != "stale") {
    html.markup(
        "<p>Sign nothing, and act on nothing of this log. Save this report with its checkpoint, "
        "and "
        "tell the Panel and the registry&rsquo;s operator.</p>\n");
  }
  note_end(html);
}

void write_entry_cell(HtmlWriter& cell, Said entry) {
  if (entry.exists()) {
    cell.markup("Entry ");
    write_entry_link(cell, entry.count());
  } else {
    cell.markup("The log as a whole");
  }
}

void write_findings(HtmlWriter& html, Said report) {
  html.element("h2", "What is wrong");
  const auto findings = report["findings"].items();
  if (findings.empty()) {
    html.markup("<p>Nothing.</p>\n");
    return;
  }
  Table table(html, "Each finding, with its entry and the rule that it breaks",
              {"Where", "What", "Rule"});
  for (const Said& finding : findings) {
    write_entry_cell(table.cell(), finding["entry"]);
    write_said(table.cell(), finding["detail"].text());
    HtmlWriter& rule = table.cell();
    if (finding["rule"].exists()) {
      rule.markup("Rule ").number(finding["rule"].count()).markup(", ");
    }
    rule.markup("<code>").text(finding["code"].text()).markup("</code>");
  }
}

void write_log_facts(HtmlWriter& html, Said report, const std::string& when) {
  Facts facts(html);
  facts.fact("Log", report["origin"].text());
  facts.fact("Audited", when);
  facts.fact("Entries").number(report["log_size"].count());
  write_hash(facts.fact("Root"), report["root"].text());
  if (const auto time = report["last_time"].time()) facts.fact("Last entry", said_time(*time));
  if (const auto time = report["witness_time"].time()) {
    facts.fact("Cosigned by its witnesses").text(said_time(*time));
  }
  if (report["replayed_from"].count() > 0) {
    facts.fact("Goes on from").markup("entry ").number(report["replayed_from"].count());
  }
}

void write_count(Table& table, std::string_view what, Said count) {
  table.cell().text(what);
  table.cell().number(count.count());
}

void write_checked(HtmlWriter& html, Said report) {
  html.element("h2", "What was checked");
  {
    Table table(html, "Checks that passed, in numbers", {"Check", "#Passed"});
    write_count(table, "Entries replayed under the rules", report["entries"]);
    write_count(table, "Signatures verified", report["signatures"]);
    write_count(table, "State roots computed again and equal", report["state_roots"]);
    write_count(table, "Hash tiles compared octet by octet", report["tiles"]);
    write_count(table, "Published extracts compared with the list", report["extracts"]);
    write_count(table, "Cosignatures of witnesses", report["cosignatures"]);
  }
  {
    Table table(html, "What the log holds", {"What", "#How many"});
    for (const auto& [type, count] : report["entries_by_type"].members()) {
      write_count(table, "Entries: " + type, count);
    }
    for (const auto& [role, count] : report["signatures_by_role"].members()) {
      write_count(table, "Signatures of the " + role_name(role), count);
    }
    write_count(table, "Models listed", report["models"]["listed"]);
    write_count(table, "Models removed", report["models"]["removed"]);
    write_count(table, "Decisions confirmed by final minutes", report["decisions"]["confirmed"]);
    write_count(table, "Decisions awaiting final minutes", report["decisions"]["provisional"]);
    write_count(table, "Decisions contradicted by final minutes",
                report["decisions"]["contradicted"]);
  }
  html.element("h2", "What was not checked");
  html.markup("<ul>");
  for (const std::string& sentence : report["not_checked"].texts()) {
    html.markup("<li>").text(sentence).markup("</li>\n");
  }
  html.markup("</ul>\n");
}

// Tells of rows that are left out; the place of the first that is shown.
std::size_t first_shown(HtmlWriter& html, std::size_t count) {
  if (count <= rows_max) return 0;
  html.markup("<p>The newest ").number(rows_max).markup(" of ").number(count);
  html.markup(". The file for programs has them all.</p>\n");
  return count - rows_max;
}

void write_removals(HtmlWriter& html, Said report) {
  html.element("h2", "Removals, and what each rests on");
  const auto removals = report["removals"].items();
  if (removals.empty()) {
    html.markup("<p>No model is removed.</p>\n");
    return;
  }
  const std::size_t first = first_shown(html, removals.size());
  Table table(html, "Removals that stand, oldest first",
              {"Model", "Removed by", "In effect since", "Notice", "Decision", "Final minutes"});
  for (std::size_t i = first; i < removals.size(); ++i) {
    const Said& removal = removals[i];
    write_model_link(table.cell(), removal["model"].text());
    write_entry_cell(table.cell(), removal["entry"]);
    HtmlWriter& since = table.cell();
    if (const auto time = removal["effective_from"].time()) since.text(said_time(*time));
    write_entry_cell(table.cell(), removal["notice"]);
    write_entry_cell(table.cell(), removal["decision"]);
    write_tag(table.cell(), standing_words(removal["standing"].text()));
  }
}

void write_open_notices(HtmlWriter& html, Said report) {
  html.element("h2", "Notices that the Service Desk has not applied");
  const auto notices = report["open_notices"].items();
  if (notices.empty()) {
    html.markup("<p>None.</p>\n");
    return;
  }
  const std::size_t first = first_shown(html, notices.size());
  Table table(html, "Open notices", {"Notice", "State", "Since", "Models"});
  for (std::size_t i = first; i < notices.size(); ++i) {
    const Said& notice = notices[i];
    write_entry_cell(table.cell(), notice["entry"]);
    write_tag(table.cell(), notice_state(notice["state"].text()));
    HtmlWriter& since = table.cell();
    if (const auto time = notice["since"].time()) since.text(said_time(*time));
    HtmlWriter& models = table.cell();
    for (const std::string& id : notice["models"].texts()) {
      write_model_link(models, id);
      models.markup("<br>");
    }
  }
}

void write_note(HtmlWriter& html, std::string_view heading, std::string_view note) {
  html.element("h2", heading);
  html.markup("<div class=\"statement\"><pre>").text(note).markup("</pre></div>\n");
}

}  // namespace

Page audit_report_page(const std::string& when, const Json& json) {
  const Said report(json);
  Page page{.title = "Audit of " + std::string(report["origin"].text()) + ", " + when,
            .main = {},
            .section = Section::audit,
            .crumbs = {{"Audit the log", Href("/audit")}},
            .is_proven = true};
  HtmlWriter& html = page.main;
  html.markup("<h1>Audit of ").text(report["origin"].text()).markup("</h1>\n");
  write_outcome(html, report);
  write_findings(html, report);
  html.element("h2", "The log");
  write_log_facts(html, report, when);
  write_checked(html, report);
  write_removals(html, report);
  write_open_notices(html, report);
  write_note(html, "The signed checkpoint", report["checkpoint"].text());
  if (report["contradicted_checkpoint"].exists()) {
    write_note(html, "The checkpoint that it contradicts",
               report["contradicted_checkpoint"].text());
  }
  return page;
}

}  // namespace cpl
