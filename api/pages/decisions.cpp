// Decisions of the Panel, and one of them: what it authorises, where it was minuted, how it stands.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t decisions_shown = 50;

void write_decisions(HtmlWriter& html, const std::vector<Said>& decisions) {
  Table table(html, "Decisions, newest first",
              {"Decision", "Standing", "Minuted", "Words", "Authorises"});
  for (const Said& decision : decisions) {
    const std::uint64_t entry = decision["entry"].count();
    write_link(table.cell(), Href("/decisions").segment(entry), std::to_string(entry));
    write_tag(table.cell(), standing_words(decision["standing"].text()));
    write_minuted_place(table.cell(), decision["reference"]);
    write_words(table.cell(), decision["text"], decision["disclosed_text"].text());
    write_authorised(table.cell(), decision);
  }
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
  if (!request.asked("before").empty()) path.query("before", request.asked("before"));
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
      "words. See also the <a href=\"/meetings\">meetings and their minutes</a>.</p>\n");
  if (decisions.empty()) {
    html.markup("<p class=\"lead\">No decision is in the log yet.</p>\n");
  } else {
    write_decisions(html, decisions);
  }
  std::optional<Href> next;
  if (const auto before = answer["next"].number()) {
    next = Href("/decisions").query("before", std::to_string(*before));
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
  return page;
}

}  // namespace cpl
