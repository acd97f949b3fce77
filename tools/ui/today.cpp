#include "tools/ui/today.hpp"

#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"
#include "tools/cpl/notice_rows.hpp"
#include "tools/cpl/notice_step.hpp"

namespace cpl {
namespace {

constexpr std::string_view shown_at_once = "50";

void write_due_cell(HtmlWriter& cell, std::optional<UnixMillis> due, UnixMillis now) {
  if (!due) {
    cell.markup("no limit");
    return;
  }
  write_time(cell, format_time(*due));
  if (*due < now) {
    cell.markup(" ");
    write_tag(cell, Tone::bad, "Late");
  }
}

// Decisions that nobody has wholly acted on: each needs a notice, or its removals.
Result<void> write_open_decisions(HtmlWriter& html, const Workplace& work) {
  const Json json =
      TRY(work.source.get(Href("/v1/decisions").query("open", "1").query("limit", shown_at_once)));
  const auto decisions = Said(json)["decisions"].items();
  html.element("h2", "Decisions to act on");
  if (decisions.empty()) {
    html.markup("<p>None: everything that is authorised is done.</p>\n");
    return {};
  }
  Table table(html, "What is authorised and not done",
              {"Decision", "Models", "Notice due", "Next"});
  for (const Said& decision : decisions) {
    const std::string entry = std::to_string(decision["entry"].count());
    write_link(table.cell(), Href("/decisions").segment(entry), "Decision " + entry);
    HtmlWriter& models = table.cell();
    for (const std::string& id : decision["remaining"].texts()) models.text(id).markup("<br>");
    write_due_cell(table.cell(), decision["due"].time(), work.cli.clock.now());
    HtmlWriter& next = table.cell();
    if (decision["due"].exists()) {
      write_link(next, Href("/prepare/notice").query("decision", entry), "Prepare the notice");
    } else {
      next.markup("Under notice, or not a removal");
    }
  }
  return {};
}

void write_next_act(HtmlWriter& cell, std::string_view state, const std::string& entry) {
  if (state == "validated") {
    write_link(cell, Href("/prepare/removal").query("notice", entry), "Prepare the removals");
  } else {
    cell.markup("The Service Desk&rsquo;s turn");
  }
}

Result<void> write_open_notices(HtmlWriter& html, const Workplace& work) {
  Json contact;
  const std::vector<Json> notices = TRY(fetch_notices(work.client, false, contact));
  html.element("h2", "Notices under way");
  if (notices.empty()) {
    html.markup("<p>None.</p>\n");
    return {};
  }
  Table table(html, "Notices that are not finished", {"Notice", "State", "Due", "By", "Next"});
  for (const Json& notice : notices) {
    const Said said(notice);
    const std::string entry = std::to_string(said["entry"].count());
    write_link(table.cell(), Href("/notices").segment(entry), "Notice " + entry);
    write_tag(table.cell(), notice_state(said["state"].text()));
    const auto next = next_step(notice);
    table.cell().text(next ? desk_step_words(next->step) : "nothing");
    write_due_cell(table.cell(), next ? std::optional(next->due) : std::nullopt,
                   work.cli.clock.now());
    write_next_act(table.cell(), said["state"].text(), entry);
  }
  return {};
}

Result<void> write_provisional(HtmlWriter& html, const Workplace& work) {
  const Json json = TRY(work.source.get(
      Href("/v1/decisions").query("standing", "provisional").query("limit", shown_at_once)));
  const auto decisions = Said(json)["decisions"].items();
  html.element("h2", "Decisions without final minutes");
  if (decisions.empty()) {
    html.markup("<p>None.</p>\n");
    return {};
  }
  Table table(html, "They stay provisional until final minutes are in the log",
              {"Decision", "Minuted", "Day"});
  for (const Said& decision : decisions) {
    const std::uint64_t entry = decision["entry"].count();
    write_link(table.cell(), Href("/decisions").segment(entry),
               "Decision " + std::to_string(entry));
    write_minuted_place(table.cell(), decision["reference"]);
    write_time(table.cell(), decision["reference"]["date"].text());
  }
  return {};
}

Result<void> write_waiting(HtmlWriter& html, const Workplace& work) {
  const auto names = TRY(work.outbox.names());
  html.element("h2", "On this computer");
  if (names.empty()) {
    html.markup("<p>No statement waits to be signed or sent.</p>\n");
    return {};
  }
  html.markup("<p>");
  write_link(html, Href("/sign"), counted(names.size(), "statement") + " to sign or to send");
  html.markup("</p>\n");
  return {};
}

}  // namespace

Result<Page> today_page(const Workplace& work) {
  Page page{.title = "Today", .main = {}, .section = Section::today};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"lead\">").text(said_time(work.cli.clock.now())).markup("</p>\n");
  TRY_VOID(write_open_decisions(html, work));
  TRY_VOID(write_open_notices(html, work));
  TRY_VOID(write_waiting(html, work));
  TRY_VOID(write_provisional(html, work));
  return page;
}

}  // namespace cpl
