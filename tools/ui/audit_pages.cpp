#include "tools/ui/audit_pages.hpp"

#include <nlohmann/json.hpp>

#include "api/html/parts.hpp"
#include "api/html/said_time.hpp"
#include "api/pages/said.hpp"
#include "api/pages/state_words.hpp"
#include "crypto/encoding.hpp"
#include "tools/shared/cores.hpp"

namespace cpl {
namespace {

constexpr std::size_t reports_shown = 20;

Page begin_audit_page(std::string title) {
  return {.title = std::move(title), .main = {}, .section = Section::audit, .is_proven = true};
}

std::string progress_words(const AuditProgress& progress) {
  if (progress.is_stopping) return "Stopping.";
  if (progress.of == 0) return "Reading the log's checkpoint, and what is published beside it.";
  std::string words =
      grouped(progress.done) + " of " + grouped(progress.of) + " entries are replayed";
  if (progress.entries_each_second > 0) {
    words += ", " + grouped(progress.entries_each_second) + " each second";
  }
  return words + ".";
}

// For the script of the page, which asks again and again.
Page progress_answer(const Workplace& work) {
  const AuditProgress progress = work.audits.progress();
  const Json json = {{"running", progress.is_running},
                     {"done", progress.done},
                     {"of", progress.of},
                     {"words", progress_words(progress)}};
  Page page = begin_audit_page("How far the audit is");
  page.download = Download{"progress.json", "application/json", json.dump()};
  return page;
}

void write_progress(HtmlWriter& html, const Workplace& work, const AuditProgress& progress) {
  html.element("h2", "An audit is under way");
  html.markup(
      "<p><label for=\"progress\">How far it is</label> <progress id=\"progress\" "
      "data-from=\"/audit/progress\"");
  if (progress.of > 0) {
    html.markup(" max=\"").text(std::to_string(progress.of));
    html.markup("\" value=\"").text(std::to_string(progress.done)).markup("\"");
  }
  html.markup("></progress></p>\n<p id=\"progress-said\">").text(progress_words(progress));
  html.markup(
      "</p>\n<p>You may close this page: the audit goes on until <code>cpl ui</code> ends. "
      "<a href=\"/audit\">Look again</a></p>\n");
  write_button_form(html, work, Href("/audit/stop"), "Stop it");
}

void write_charter_fact(HtmlWriter& fact, const Workplace& work, const std::string& origin) {
  if (const auto named = work.cli.charter_id()) {
    write_hash(fact, to_hex(*named));
    fact.markup(", as <code>cpl ui</code> was started with");
    return;
  }
  const auto seen = work.shelf.read_charter(origin);
  if (!seen) {
    fact.text(seen.error().detail);
  } else if (*seen) {
    write_hash(fact, to_hex(**seen));
    fact.markup(", as the first audit on this computer saw it");
  } else {
    fact.markup(
        "Not known yet. The first audit remembers it; to name it, start <code>cpl ui</code> with "
        "<code>--charter</code>");
  }
}

void write_what_is_audited(HtmlWriter& html, const Workplace& work, const std::string& origin,
                           const Result<AuditLedger>& last) {
  Facts facts(html);
  facts.fact("Log", origin);
  facts.fact("Read from", work.cli.server);
  facts.fact("Trusted by", work.policy_file);
  write_charter_fact(facts.fact("Charter in entry 0"), work, origin);
  HtmlWriter& state = facts.fact("Last audit");
  if (!last) {
    state.text(last.error().detail);
  } else if (last->checkpoint) {
    state.markup("Nothing was wrong up to entry ")
        .number(last->checkpoint->checkpoint.size.value - 1);
    state.markup(". It is kept in <span class=\"hash\">");
    state.text(work.shelf.state_file(origin).string()).markup("</span>");
  } else {
    state.markup("None on this computer");
  }
}

// Two buttons where there is something to go on from.
void write_start_form(HtmlWriter& html, const Workplace& work, const Result<AuditLedger>& last) {
  const bool goes_on = last && last->checkpoint && last->checkpoint->checkpoint.size.value > 0;
  html.markup("<form method=\"post\" action=\"/audit\">");
  write_form_key(html, work, Href("/audit"));
  html.markup("<p class=\"row\">");
  if (goes_on) {
    html.markup(
        "<button class=\"button\" type=\"submit\" name=\"from\" value=\"last\">Go on from the last "
        "audit</button>");
  }
  if (goes_on) {
    html.markup("<button class=\"button second\"");
  } else {
    html.markup("<button class=\"button\"");
  }
  html.markup(
      " type=\"submit\" name=\"from\" value=\"start\">Audit from the first entry</button>"
      "</p></form>\n");
}

StateWords outcome_tag(std::string_view outcome) {
  if (outcome == "sound") return {Tone::good, "Sound", {}};
  if (outcome == "stale") return {Tone::warn, "Sound, but old", {}};
  return {Tone::bad, "Not sound", {}};
}

// "1 December 2026, 16:22:33 GMT", of the name that says it.
std::string time_of_report(const std::string& name) {
  constexpr std::size_t up_to_seconds = std::string_view("20261201T162233").size();
  const auto colon_after = [](std::size_t place) { return place == 10 || place == 12; };
  std::string time;
  const auto digits = std::string_view(name).substr(name.find('-') + 1).substr(0, up_to_seconds);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    time += digits[i];
    if (i == 3 || i == 5) time += '-';
    if (colon_after(i)) time += ':';
  }
  const auto at = parse_time(time + "Z");
  return at ? said_time(*at) : name;
}

Result<Json> read_report(const Workplace& work, const std::string& name) {
  return parse_json(TRY(work.shelf.read_report(name, "json")));
}

void write_reports(HtmlWriter& html, const Workplace& work) {
  const auto names = work.shelf.reports();
  if (names.empty()) return;
  html.element("h2", "Audits on this computer");
  {
    Table table(html, "Newest first", {"When", "Outcome", "#Entries", "#Findings"});
    for (std::size_t i = 0; i < std::min(names.size(), reports_shown); ++i) {
      const auto report = read_report(work, names[i]);
      write_link(table.cell(), Href("/audit/reports").segment(names[i]), time_of_report(names[i]));
      const Json none;
      const Said said(report ? *report : none);
      write_tag(table.cell(), outcome_tag(said["outcome"].text()));
      table.cell().number(said["log_size"].count());
      table.cell().number(said["findings"].items().size());
    }
  }
  html.markup("<p class=\"small\">The newest ").number(kept_reports_max);
  html.markup(" are kept here. Save what you need for longer.</p>\n");
}

void write_last_failure(HtmlWriter& html, const AuditProgress& progress) {
  if (!progress.failure) return;
  note_start(html, Tone::warn, "The last audit has no outcome");
  html.markup("<p>").text(progress.failure->detail).markup("</p>\n<p class=\"small\">Code: <code>");
  html.text(progress.failure->code).markup("</code></p>");
  note_end(html);
}

Result<Page> audit_page(const Workplace& work) {
  const std::string origin = TRY(origin_of(work));
  const AuditProgress progress = work.audits.progress();
  Page page = begin_audit_page("Audit the log");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p class=\"lead\">Everything is fetched, and every entry, signature, rule and published "
      "list is checked again on this computer.</p>\n");
  if (progress.is_running) {
    page.is_moving = true;
    write_progress(html, work, progress);
  } else {
    if (!progress.report.empty()) {
      html.markup("<p>");
      write_link(html, Href("/audit/reports").segment(progress.report), "The audit has ended");
      html.markup("</p>\n");
    }
    write_last_failure(html, progress);
    const auto last = work.shelf.read_state(origin, TRY(read_policy_file(work.policy_file)));
    write_what_is_audited(html, work, origin, last);
    write_start_form(html, work, last);
  }
  write_reports(html, work);
  return page;
}

Page led_to(const Href& place) {
  Page page = begin_audit_page("");
  page.see_other = place;
  return page;
}

Result<Page> start_audit(const Workplace& work, const SentForm& form) {
  AuditTask task;
  task.source = work.cli.server;
  task.origin = TRY(origin_of(work));
  task.policy = TRY(read_policy_file(work.policy_file));
  task.options.now = work.cli.clock.now();
  task.options.charter = work.cli.charter_id();
  task.options.threads = all_cores();
  task.answer_time_max = work.cli.time_max();
  task.from_start = form.field("from") == "start";
  TRY_VOID(work.audits.start(std::move(task)));
  return led_to(Href("/audit"));
}

Result<Page> kept_report_page(const Workplace& work, const std::string& name) {
  const Json report = TRY(read_report(work, name));
  Page page = audit_report_page(time_of_report(name), report);
  HtmlWriter& html = page.main;
  html.markup("<h2>Keep it</h2>\n<ul class=\"plain no-print\"><li>");
  write_link(html, Href("/audit/reports").segment(name).segment("html"),
             "Save the report as a page that needs nothing else");
  html.markup("</li><li>");
  write_link(html, Href("/audit/reports").segment(name).segment("json"),
             "Save it for programs, as cpl audit --json has it");
  html.markup("</li></ul>\n");
  return page;
}

Result<Page> report_file(const Workplace& work, const std::string& name,
                         const std::string& extension) {
  const bool is_json = extension == "json";
  Bytes octets = TRY(work.shelf.read_report(name, extension));
  Page page = begin_audit_page("");
  page.download =
      Download{name + "." + extension, is_json ? "application/json" : "text/html; charset=utf-8",
               std::move(octets)};
  return page;
}

}  // namespace

Result<std::optional<Page>> audit_page_of(const Workplace& work,
                                          const std::vector<std::string>& segments,
                                          const SentForm* form) {
  const std::string second = segments.size() > 1 ? segments[1] : "";
  if (form != nullptr) {
    if (segments.size() == 1) return std::optional(TRY(start_audit(work, *form)));
    if (segments.size() != 2 || second != "stop") return std::optional<Page>();
    work.audits.stop();
    return std::optional(led_to(Href("/audit")));
  }
  if (segments.size() == 1) return std::optional(TRY(audit_page(work)));
  if (segments.size() == 2 && second == "progress") return std::optional(progress_answer(work));
  if (second != "reports" || segments.size() < 3) return std::optional<Page>();
  if (segments.size() == 3) return std::optional(TRY(kept_report_page(work, segments[2])));
  const bool is_file = segments.size() == 4 && (segments[3] == "json" || segments[3] == "html");
  if (is_file) return std::optional(TRY(report_file(work, segments[2], segments[3])));
  return std::optional<Page>();
}

}  // namespace cpl
