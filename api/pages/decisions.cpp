// Decisions of the Panel, and one of them: what it authorises, where it was minuted, how it stands.
#include <nlohmann/json.hpp>

#include "api/pages/impact.hpp"
#include "api/pages/shared.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t decisions_shown = 50;

void write_decision_filters(HtmlWriter& html, const PageRequest& request) {
  html.markup("<form class=\"filters\" action=\"/decisions\" method=\"get\">\n");
  write_select(html, "standing", "Standing",
               {{"", "All"},
                {"provisional", "Provisional"},
                {"confirmed", "Confirmed"},
                {"contradicted", "Contradicted"}},
               request.asked("standing"));
  write_select(html, "open", "Acted on", {{"", "All"}, {"1", "Not yet, or not wholly"}},
               request.asked("open"));
  html.markup("<button class=\"button\" type=\"submit\">Show</button>\n</form>\n");
}

// What it authorises and nobody has done, and by when the notice is due.
void write_remaining(Table& table, Said decision) {
  HtmlWriter& remaining = table.cell();
  for (const std::string& id : decision["remaining"].texts()) {
    write_model_link(remaining, id);
    remaining.markup("<br>");
  }
  HtmlWriter& due = table.cell();
  if (decision["due"].exists()) {
    write_time(due, decision["due"].text());
  } else {
    due.markup("no limit");
  }
}

void write_decisions(HtmlWriter& html, const std::vector<Said>& decisions, bool are_open) {
  std::vector<std::string_view> columns = {"Decision", "Standing", "Minuted", "Words",
                                           "Authorises"};
  if (are_open) columns.insert(columns.end(), {"Still to do", "Notice due"});
  Table table(html, "Decisions, newest first", columns);
  for (const Said& decision : decisions) {
    const std::uint64_t entry = decision["entry"].count();
    write_link(table.cell(), Href("/decisions").segment(entry), std::to_string(entry));
    write_tag(table.cell(), standing_words(decision["standing"].text()));
    write_minuted_place(table.cell(), decision["reference"]);
    write_words(table.cell(), decision["text"], decision["disclosed_text"].text());
    write_authorised(table.cell(), decision);
    if (are_open) write_remaining(table, decision);
  }
}

std::vector<std::string> removed_by(Said decision) {
  std::vector<std::string> ids;
  for (const Said& authorised : decision["authorises"].items()) {
    if (authorised["act"].text() != "remove") continue;
    for (std::string& id : authorised["models"].texts()) ids.push_back(std::move(id));
  }
  return ids;
}

void write_decision_facts(HtmlWriter& html, Said decision, const PageSource& source) {
  Facts facts(html);
  write_minuted_place(facts.fact("Minuted"), decision["reference"]);
  write_time(facts.fact("Day"), decision["reference"]["date"].text());
  facts.fact("By", decision["reference"]["body"].text());
  write_signed(facts.fact("In the log"), source, decision["entry"].count());
  if (const auto final_minutes = decision["final_minutes"].number()) {
    HtmlWriter& fact = facts.fact("Final minutes");
    fact.markup("entry ");
    write_entry_link(fact, *final_minutes);
  }
  write_authorised(facts.fact("Authorises"), decision);
}

}  // namespace

Result<Page> decisions_page(const PageRequest& request, const PageSource& source) {
  Href path = Href("/v1/decisions").query("limit", std::to_string(decisions_shown));
  for (const std::string_view name : {"standing", "open", "before"}) {
    if (!request.asked(name).empty()) path.query(name, request.asked(name));
  }
  const Json json = TRY(source.get(path));
  const Said answer(json);
  const auto decisions = answer["decisions"].items();
  Page page{.title = "Decisions of the Panel",
            .main = {},
            .section = Section::decisions,
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p>Each is signed by members of the Panel. It is provisional until final minutes hold its "
      "words. See also the <a href=\"/meetings\">meetings and their minutes</a>, and "
      "<a href=\"/agenda\">the paper for the standing agenda item</a>.</p>\n");
  write_decision_filters(html, request);
  if (decisions.empty()) {
    html.markup("<p class=\"lead\">No decision matches.</p>\n");
  } else {
    write_decisions(html, decisions, !request.asked("open").empty());
  }
  std::optional<Href> next;
  if (const auto before = answer["next"].number()) {
    next = Href("/decisions");
    for (const std::string_view name : {"standing", "open"}) {
      if (!request.asked(name).empty()) next->query(name, request.asked(name));
    }
    next->query("before", std::to_string(*before));
  }
  write_next(html, next, "Older decisions");
  return page;
}

Result<Page> decision_page(const PageRequest& request, const PageSource& source) {
  const Href path = Href("/v1/decisions").segment(request.place());
  const Json json = TRY(source.get(path));
  const Said decision(json);
  const std::uint64_t entry = decision["entry"].count();
  const StateWords standing = standing_words(decision["standing"].text());
  Page page{.title = "Decision " + std::to_string(entry) + ": " + standing.word,
            .main = {},
            .section = Section::decisions,
            .crumbs = {{"Decisions", Href("/decisions")}},
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", "Decision " + std::to_string(entry));
  html.markup("<p class=\"row\">");
  write_tag(html, standing);
  html.markup("<span>").text(standing.sentence).markup("</span></p>\n<p class=\"lead\">");
  write_words(html, decision["text"], decision["disclosed_text"].text());
  html.markup("</p>\n");
  write_decision_facts(html, decision, source);
  write_impact_section(html, source, removed_by(decision));
  return page;
}

}  // namespace cpl
