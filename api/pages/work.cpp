// Around the list: removals proposed to meetings, the actions that they gave, and the dates of
// technical specifications.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"
#include "registry/base/london.hpp"

namespace cpl {
namespace {

StateWords outcome_words(std::string_view outcome) {
  if (outcome == "decided") return {Tone::bad, "Decided", "The meeting decided the removal."};
  if (outcome == "not_decided")
    return {Tone::grey, "Not decided", "The meeting did not decide it."};
  if (outcome == "carried_over") {
    return {Tone::info, "Carried over", "It is proposed to a later meeting again."};
  }
  return {Tone::warn, "Proposed", "The meeting is still to decide."};
}

void write_proposals(HtmlWriter& html, const std::vector<Said>& proposals) {
  Table table(html, "Proposed removals", {"Model", "State", "Meeting", "Why", "Paper", "Decision"});
  for (const Said& proposal : proposals) {
    write_model_link(table.cell(), proposal["model"].text());
    write_tag(table.cell(), outcome_words(proposal["outcome"].text()));
    HtmlWriter& meeting = table.cell();
    write_link(meeting, Href("/meetings").segment(proposal["meeting"].text()),
               proposal["meeting"].text());
    if (const auto day = Date::parse(proposal["date"].text())) {
      meeting.markup(", ").text(said_day(*day));
    }
    HtmlWriter& why = table.cell();
    why.text(proposal_basis_words(proposal["basis"].text())).markup(": ");
    write_words(why, proposal["why"], "");
    write_entry_link(table.cell(), proposal["paper"].count());
    HtmlWriter& decision = table.cell();
    if (const auto entry = proposal["decision"].number()) {
      write_link(decision, Href("/decisions").segment(*entry), std::to_string(*entry));
    } else {
      decision.markup("none");
    }
  }
}

void write_action_state(HtmlWriter& html, Said action) {
  if (action["state"].text() == "closed") {
    write_tag(html, Tone::good, "Closed");
    if (const auto entry = action["closed_by"].number()) {
      html.markup(" by entry ");
      write_entry_link(html, *entry);
    }
    return;
  }
  write_tag(html, Tone::warn, "Open");
  if (const auto due = Date::parse(action["due"].text())) {
    html.markup(" due ").text(said_day(*due));
  }
}

void write_actions(HtmlWriter& html, const std::vector<Said>& actions) {
  Table table(html, "Actions", {"Action", "State", "Owner", "What", "Said last"});
  for (const Said& action : actions) {
    write_said(table.cell(), action["ref"].text());
    write_action_state(table.cell(), action);
    HtmlWriter& owner = table.cell();
    if (action["owner"].exists()) {
      write_said(owner, action["owner"].text());
    } else {
      owner.markup("not said");
    }
    HtmlWriter& what = table.cell();
    if (action["text"].exists()) {
      write_words(what, action["text"], "");
    } else {
      what.markup("in minutes that are not in the log");
    }
    HtmlWriter& last = table.cell();
    if (action["last_said"].exists()) {
      write_words(last, action["last_said"], "");
    } else {
      last.markup("nothing");
    }
  }
}

void write_end(HtmlWriter& html, std::string_view text) {
  if (const auto day = Date::parse(text)) {
    html.text(said_day(*day));
  } else {
    html.markup("no end");
  }
}

void write_specifications(HtmlWriter& html, const std::vector<Said>& rows) {
  Table table(html, "Versions and their last days",
              {"Specification", "With GBCS", "Installation", "Maintenance", "Applicability"});
  for (const Said& row : rows) {
    table.cell().text(row["ts_name"].text()).markup(" ").text(row["ts_version"].text());
    HtmlWriter& gbcs = table.cell();
    if (row["gbcs_version"].exists()) {
      write_said(gbcs, row["gbcs_version"].text());
    } else {
      gbcs.markup("any");
    }
    write_end(table.cell(), row["installation_end"].text());
    write_end(table.cell(), row["maintenance_end"].text());
    write_end(table.cell(), row["applicability_end"].text());
  }
}

Page page_about(std::string title, const Href& path) {
  return {.title = std::move(title),
          .main = {},
          .section = Section::decisions,
          .crumbs = {{"Decisions", Href("/decisions")}},
          .alternate = path.text()};
}

}  // namespace

Result<Page> proposals_page(const PageRequest&, const PageSource& source) {
  const Href path("/v1/proposals");
  const Json json = TRY(source.get(path));
  Page page = page_about("Removals proposed to meetings", path);
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p>What the Code Administrator puts to the Panel under the standing item. A "
      "proposal changes nothing on the list, and what is confidential is not among it.</p>\n");
  const auto proposals = Said(json)["proposals"].items();
  if (proposals.empty()) {
    html.markup("<p class=\"lead\">Nothing has been proposed.</p>\n");
    return page;
  }
  write_proposals(html, proposals);
  return page;
}

Result<Page> actions_page(const PageRequest& request, const PageSource& source) {
  const std::string state(request.asked("state").empty() ? "open" : request.asked("state"));
  Href path("/v1/actions");
  if (state != "all") path.query("state", state);
  if (!request.asked("after").empty()) path.query("after", request.asked("after"));
  const Json json = TRY(source.get(path));
  const Said answer(json);
  Page page = page_about("Actions that meetings gave", path);
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<form class=\"filters\" action=\"/actions\" method=\"get\">\n");
  write_select(html, "state", "State", {{"open", "Open"}, {"closed", "Closed"}, {"all", "All"}},
               state);
  html.markup("<button class=\"button\" type=\"submit\">Show</button>\n</form>\n");
  const auto actions = answer["actions"].items();
  if (actions.empty()) {
    html.markup("<p class=\"lead\">No action is in this state.</p>\n");
    return page;
  }
  write_actions(html, actions);
  std::optional<Href> next;
  if (const auto after = answer["next"].number()) {
    next = Href("/actions").query("state", state).query("after", std::to_string(*after));
  }
  write_next(html, next, "More actions");
  return page;
}

Result<Page> specifications_page(const PageRequest&, const PageSource& source) {
  const Href path("/v1/specifications");
  const Json json = TRY(source.get(path));
  const Said answer(json);
  Page page = page_about("Technical specifications and their last days", path);
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p>On its last day a version still holds. A model whose version has ended is said "
      "to be so where it is shown; nothing is removed by this table.</p>\n");
  const auto rows = answer["rows"].items();
  if (rows.empty()) {
    html.markup("<p class=\"lead\">No table is in the log yet.</p>\n");
    return page;
  }
  html.markup("<p class=\"lead\">Version ").number(answer["version"].count());
  html.markup(" of the table, entry ");
  write_entry_link(html, answer["entry"].count());
  html.markup(".</p>\n");
  write_specifications(html, rows);
  return page;
}

}  // namespace cpl
