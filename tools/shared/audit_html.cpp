#include "tools/shared/audit_html.hpp"

#include "api/html/html_writer.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t rows_max = 1000;  // Of one table, so that the page can be printed.

std::string number(std::uint64_t value) { return std::to_string(value); }
std::string entry_text(const std::optional<EntryIndex>& entry) {
  return entry ? "entry " + number(entry->value) : "\xE2\x80\x94";
}

void write_head(HtmlWriter& html, const AuditReport& report) {
  html.markup(
          "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" "
          "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>Audit of ")
      .text(report.origin)
      .markup("</title>\n<style>\n")
      .markup(
          "body { font: 1rem/1.5 sans-serif; color: #0b0c0c; background: #fff; "
          "max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }\n"
          "h1 { font-size: 1.8rem; overflow-wrap: anywhere; }\n"
          "h2 { font-size: 1.3rem; margin-top: 2rem; }\n"
          ".outcome { border: 0.25rem solid #0b0c0c; padding: 1rem; font-size: 1.2rem; }\n"
          ".sound { border-color: #005a30; }\n"
          ".stale { border-style: dashed; border-color: #594d00; }\n"
          ".unsound { border-style: double; border-width: 0.5rem; border-color: #942514; }\n"
          "table { border-collapse: collapse; width: 100%; margin: 1rem 0; }\n"
          "caption { text-align: left; font-weight: bold; padding: 0.3rem 0; }\n"
          "th, td { border-bottom: 1px solid #505a5f; padding: 0.3rem 0.6rem 0.3rem 0; "
          "text-align: left; vertical-align: top; overflow-wrap: break-word; "
          "unicode-bidi: isolate; }\n"
          "tbody th { font-weight: normal; }\n"
          "pre { border: 1px solid #505a5f; padding: 0.6rem; white-space: pre-wrap; "
          "overflow-wrap: anywhere; }\n"
          "@media (max-width: 700px) { th, td { overflow-wrap: anywhere; } }\n"
          "@media print { body { margin: 0; max-width: none; font-size: 10pt; } "
          "thead { display: table-header-group; } tr { break-inside: avoid; } "
          "h2, caption { break-after: avoid; } }\n"
          "</style>\n</head>\n<body>\n<main>\n");
}

void write_outcome(HtmlWriter& html, const AuditReport& report) {
  switch (outcome_of(report)) {
    case AuditOutcome::sound:
      html.markup("<p class=\"outcome sound\"><strong>Result: SOUND.</strong> ");
      break;
    case AuditOutcome::stale:
      html.markup("<p class=\"outcome stale\"><strong>Result: SOUND, BUT OLD.</strong> ");
      break;
    case AuditOutcome::unsound:
      html.markup("<p class=\"outcome unsound\"><strong>Result: NOT SOUND.</strong> ");
      break;
  }
  html.text(sentence_of(report)).markup("</p>\n");
}

void write_log(HtmlWriter& html, const AuditPage& page) {
  const AuditReport& report = page.report;
  html.markup("<h2>The log</h2>\n");
  html.table_start("What was audited", {"Of the log", "Is"});
  html.row({"Name (origin)", report.origin});
  html.row({"Read from", page.source});
  html.row({"Entries", number(report.size.value)});
  html.row({"Root", to_base64(report.root)});
  if (report.first_time) html.row({"First entry", format_time(*report.first_time)});
  if (report.last_time) html.row({"Last entry", format_time(*report.last_time)});
  html.row({"Quorum of witnesses", report.witness_time
                                       ? counted(report.cosignatures, "cosignature") +
                                             ", reached at " + format_time(*report.witness_time)
                                       : std::string("no witness has dated this checkpoint")});
  html.row({"Audited", format_time(page.audited_at) + ", in " + number(page.duration_millis) +
                           " ms, by " + page.program});
  html.row({"Models listed", number(report.models_listed)});
  html.row({"Models removed", number(report.models_removed)});
  html.table_end();
}

void write_checks(HtmlWriter& html, const AuditReport& report) {
  html.markup("<h2>What was checked</h2>\n");
  html.table_start("Checks that passed, in numbers", {"Check", "Passed"});
  html.row({"Entries replayed under the rules", number(report.entries)});
  html.row({"Signatures verified", number(report.signatures)});
  html.row({"State roots computed again and equal", number(report.state_roots)});
  html.row({"Hash tiles compared octet by octet", number(report.tiles)});
  html.row({"Published extracts compared with the list", number(report.extracts)});
  html.row({"Decisions confirmed by final minutes", number(report.decisions_confirmed)});
  html.row({"Decisions awaiting final minutes", number(report.decisions_provisional)});
  html.row({"Decisions contradicted by final minutes", number(report.decisions_contradicted)});
  html.table_end();
  html.table_start("Entries by type", {"Type", "Entries"});
  for (const auto& [type, count] : report.entries_by_type) html.row({type, number(count)});
  html.table_end();
  html.table_start("Verified signatures by the role of the key", {"Role", "Signatures"});
  for (const auto& [role, count] : report.signatures_by_role) html.row({role, number(count)});
  html.table_end();
}

void write_findings(HtmlWriter& html, const AuditReport& report) {
  html.markup("<h2>Findings</h2>\n");
  if (report.findings.empty()) {
    html.markup("<p>None: nothing is wrong.</p>\n");
    return;
  }
  html.table_start("What is wrong", {"Where", "What", "Rule", "Code"});
  for (const AuditFinding& finding : report.findings) {
    html.row({entry_text(finding.entry), finding.detail,
              finding.rule > 0 ? number(static_cast<std::uint64_t>(finding.rule)) : "\xE2\x80\x94",
              finding.code});
  }
  html.table_end();
}

// Tells of the rows that are left out, oldest first.
std::size_t first_shown(HtmlWriter& html, std::size_t count) {
  if (count <= rows_max) return 0;
  html.markup("<p>The newest ")
      .text(number(rows_max))
      .markup(" of ")
      .text(number(count))
      .markup("; the report as JSON has them all.</p>\n");
  return count - rows_max;
}

void write_removals(HtmlWriter& html, const AuditReport& report) {
  html.markup("<h2>Removals</h2>\n");
  if (report.removals.empty()) {
    html.markup("<p>No model is removed.</p>\n");
    return;
  }
  const std::size_t first = first_shown(html, report.removals.size());
  html.table_start("Each removal that stands, and what it rests on",
                   {"Model", "Maker", "Removed by", "Effective from", "Notice", "Decision",
                    "Final minutes say"});
  for (std::size_t i = first; i < report.removals.size(); ++i) {
    const AuditedRemoval& removal = report.removals[i];
    html.row({removal.model.text(), removal.maker, entry_text(removal.entry),
              format_time(removal.effective_from), entry_text(removal.notice),
              entry_text(removal.decision), to_string(removal.standing)});
  }
  html.table_end();
}

void write_notices(HtmlWriter& html, const AuditReport& report) {
  html.markup("<h2>Notices that the Service Desk has not applied yet</h2>\n");
  if (report.open_notices.empty()) {
    html.markup("<p>None.</p>\n");
    return;
  }
  const std::size_t first = first_shown(html, report.open_notices.size());
  html.table_start("Open notices", {"Notice", "State", "Since", "Decision", "Models"});
  for (std::size_t i = first; i < report.open_notices.size(); ++i) {
    const AuditedNotice& notice = report.open_notices[i];
    std::string models;
    for (const ModelId& model : notice.models)
      models += (models.empty() ? "" : ", ") + model.text();
    html.row({entry_text(notice.entry), to_string(notice.state), format_time(notice.since),
              entry_text(notice.decision), models});
  }
  html.table_end();
}

void write_rest(HtmlWriter& html, const AuditPage& page) {
  html.markup("<h2>What was not checked</h2>\n<ul>\n");
  for (const std::string& sentence : not_checked(page.report)) {
    html.markup("<li>").text(sentence).markup("</li>\n");
  }
  html.markup("</ul>\n<h2>Do it again</h2>\n<p>Anybody can, with the log's key in a trust policy:")
      .markup("</p>\n<pre>cpl audit ")
      .text(page.source)
      .markup(" --policy policy.txt</pre>\n<h2>The signed checkpoint</h2>\n<pre>")
      .text(page.report.checkpoint_note)
      .markup("</pre>\n");
  if (page.report.contradicted_note) {
    html.markup("<h2>The checkpoint that it contradicts</h2>\n<pre>")
        .text(*page.report.contradicted_note)
        .markup("</pre>\n");
  }
}

}  // namespace

std::string audit_html(const AuditPage& page) {
  HtmlWriter html;
  write_head(html, page.report);
  html.markup("<h1>Audit of ").text(page.report.origin).markup("</h1>\n");
  write_outcome(html, page.report);
  write_findings(html, page.report);
  write_log(html, page);
  write_checks(html, page.report);
  write_removals(html, page.report);
  write_notices(html, page.report);
  write_rest(html, page);
  html.markup("</main>\n</body>\n</html>\n");
  return html.html();
}

}  // namespace cpl
