// Meetings whose minutes are in the log: draft or final, what was decided, what is to be done.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"

namespace cpl {
namespace {

StateWords minutes_state(Said meeting) {
  if (!meeting["final_minutes"].exists() && meeting["drafts"].items().empty()) {
    return {Tone::info, "No minutes yet", "No minutes of this meeting are in the log yet."};
  }
  if (meeting["status"].text() == "final") return {Tone::good, "Final", "The minutes are final."};
  return {Tone::warn, "Draft", "These minutes are a draft, and may still change."};
}

void write_entry_links(HtmlWriter& html, Said entries) {
  const auto items = entries.items();
  if (items.empty()) html.markup("none");
  bool is_first = true;
  for (const Said& entry : items) {
    if (!is_first) html.markup(", ");
    is_first = false;
    write_entry_link(html, entry.count());
  }
}

// Which decision of the log acts on which words.
Result<void> write_minuted(HtmlWriter& html, Said meeting, const PageSource& source) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> acted;
  for (const Said& entry : meeting["decisions"].items()) {
    const Json json = TRY(source.get(Href("/v1/decisions").segment(entry.count())));
    const Said reference = Said(json)["reference"];
    acted[{reference["item"].count(), reference["ordinal"].count()}] = entry.count();
  }
  html.element("h2", "What was decided");
  const auto minuted = meeting["minuted"].items();
  if (minuted.empty()) {
    html.element("p", "The minutes in the log name no decision.");
    return {};
  }
  Table table(html, "Decisions in the minutes", {"Item", "Words", "Signed decision"});
  for (const Said& decision : minuted) {
    const std::uint64_t item = decision["item"].count();
    const std::uint64_t ordinal = decision["ordinal"].count();
    table.cell().number(item).markup(", decision ").number(ordinal);
    write_words(table.cell(), decision["text"], decision["disclosed_text"].text());
    HtmlWriter& cell = table.cell();
    if (const auto found = acted.find({item, ordinal}); found != acted.end()) {
      write_link(cell, Href("/decisions").segment(found->second), std::to_string(found->second));
    } else {
      cell.markup("none");
    }
  }
  return {};
}

// The actions stand in the minutes' own entry.
Result<void> write_actions(HtmlWriter& html, Said meeting, const PageSource& source) {
  auto entry = meeting["final_minutes"].number();
  if (!entry && !meeting["drafts"].items().empty())
    entry = meeting["drafts"].items().back().count();
  if (!entry) return {};
  const Json json = TRY(source.get(Href("/v1/entries").segment(*entry)));
  const auto actions = Said(json)["content"]["actions"].items();
  if (actions.empty()) return {};
  html.element("h2", "Actions");
  Table table(html, "What was to be done", {"Action", "Owner", "What"});
  for (const Said& action : actions) {
    write_said(table.cell(), action["ref"].text());
    write_said(table.cell(), action["owner"].text());
    write_words(table.cell(), action["text"], "");
  }
  return {};
}

void write_meetings(HtmlWriter& html, const std::vector<Said>& meetings) {
  Table table(html, "Meetings", {"Meeting", "Minutes", "Of", "#Decisions in them"});
  for (const Said& meeting : meetings) {
    const std::string_view id = meeting["meeting"].text();
    write_link(table.cell(), Href("/meetings").segment(id), id);
    write_tag(table.cell(), minutes_state(meeting));
    write_said(table.cell(), meeting["body"].text());
    table.cell().number(meeting["minuted"].items().size());
  }
}

// Meetings to come, by each body's calendar.
Result<void> write_planned(HtmlWriter& html, const PageSource& source) {
  const Json json = TRY(source.get(Href("/v1/calendars")));
  for (const Said& calendar : Said(json)["calendars"].items()) {
    const auto meetings = calendar["meetings"].items();
    if (meetings.empty()) continue;
    html.markup("<h2>To come: ").text(calendar["body"].text()).markup("</h2>\n<ul>");
    for (const Said& meeting : meetings) {
      const auto day = Date::parse(meeting["date"].text());
      html.markup("<li>").text(meeting["meeting"].text()).markup(", ");
      html.text(day ? said_day(*day) : std::string()).markup("</li>");
    }
    html.markup("</ul>\n");
  }
  return {};
}

}  // namespace

Result<Page> meetings_page(const PageRequest&, const PageSource& source) {
  const Href path("/v1/meetings");
  const Json json = TRY(source.get(path));
  const auto meetings = reversed(Said(json)["meetings"].items());
  Page page{.title = "Meetings and their minutes",
            .main = {},
            .section = Section::decisions,
            .crumbs = {{"Decisions", Href("/decisions")}},
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  TRY_VOID(write_planned(html, source));
  html.markup(
      "<ul class=\"places\"><li><a href=\"/proposals\">Removals proposed</a></li>"
      "<li><a href=\"/actions\">Actions</a></li></ul>\n");
  if (meetings.empty()) {
    html.markup("<p class=\"lead\">No minutes are in the log yet.</p>\n");
    return page;
  }
  write_meetings(html, meetings);
  return page;
}

Result<Page> meeting_page(const PageRequest& request, const PageSource& source) {
  const Href path = Href("/v1/meetings").segment(request.place());
  const Json json = TRY(source.get(path));
  const Said meeting(json);
  const StateWords state = minutes_state(meeting);
  Page page{.title = std::string(meeting["meeting"].text()),
            .main = {},
            .section = Section::decisions,
            .crumbs = {{"Decisions", Href("/decisions")}, {"Meetings", Href("/meetings")}},
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.markup("<h1 class=\"said\">").text(page.title).markup("</h1>\n<p class=\"row\">");
  write_tag(html, state);
  html.markup("<span>").text(state.sentence).markup("</span></p>\n");
  {
    Facts facts(html);
    facts.fact("Body", meeting["body"].text());
    HtmlWriter& final_minutes = facts.fact("Final minutes");
    if (const auto entry = meeting["final_minutes"].number()) {
      final_minutes.markup("entry ");
      write_entry_link(final_minutes, *entry);
    } else {
      final_minutes.markup("not in the log yet");
    }
    write_entry_links(facts.fact("Drafts"), meeting["drafts"]);
    write_entry_links(facts.fact("Papers on the list's changes"), meeting["papers"]);
  }
  TRY_VOID(write_minuted(html, meeting, source));
  TRY_VOID(write_actions(html, meeting, source));
  return page;
}

}  // namespace cpl
