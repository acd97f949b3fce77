// Minutes from the Panel's paper, and decisions from minutes that are in the log.
#include <nlohmann/json.hpp>

#include "api/html/parts.hpp"
#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"
#include "registry/query/decision_handling.hpp"
#include "tools/cpl/minutes_statement.hpp"
#include "tools/cpl/reader_option.hpp"
#include "tools/ui/prepare.hpp"

namespace cpl {
namespace {

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char one : std::string(text) + " ") {
    if (one != ' ' && one != ',' && one != '\r' && one != '\n') {
      word += one;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

Result<std::vector<std::uint64_t>> items_in(std::string_view text) {
  std::vector<std::uint64_t> items;
  for (const std::string& word : words_in(text)) {
    const auto number = from_decimal(word);
    if (!number) return malformed("item-malformed", "\"" + word + "\" is no number of an item.");
    items.push_back(*number);
  }
  return items;
}

// What was given before is kept.
void write_minutes_fields(HtmlWriter& html, const SentForm& given) {
  write_file_field(html, "minutes", "The minutes, as text or PDF");
  write_select(html, "status", "What they are",
               {{"", "As they say themselves"}, {"draft", "Draft"}, {"final", "Final"}},
               given.field("status"));
  write_text_field(html, "date", "The day of the meeting", given.field("date"),
                   "Only where it cannot be read in them: 2026-07-09");
  std::vector<Choice> classes;
  classes.reserve(classification_words.size());
  for (const std::string_view word : classification_words) classes.push_back({word, word});
  write_select(html, "classification", "Their class", classes, given.field("classification"));
  write_text_field(html, "seal", "Items to seal", given.field("seal"), "Numbers, such as 4 9");
  write_text_field(html, "publish", "Confidential items that may be public after all",
                   given.field("publish"), "Numbers, such as 4 9");
  choices_start(html, "Where the reader is in doubt");
  write_checkbox(html, "accept_unplaced", "I have read the lines that could not be placed", false);
  write_checkbox(html, "accept_none", "The meeting took no decision", false);
  choices_end(html);
}

void write_unplaced(HtmlWriter& html, const std::vector<std::string>& lines) {
  note_start(html, Tone::warn, "Lines that could not be placed");
  html.markup(
      "<p>Read them in the paper. If no decision or action is lost with them, tick that you "
      "have read them, and choose the file again.</p>\n<ul>");
  for (const std::string& line : lines) {
    html.markup("<li>").text(line).markup("</li>\n");
  }
  html.markup("</ul>\n");
  note_end(html);
}

// Nothing where the minutes became a statement; else what is to be looked at first.
Result<std::optional<Page>> kept_minutes(const Workplace& work, const SentForm& form,
                                         HtmlWriter& html) {
  const SentFile* const file = form.file("minutes");
  if (file == nullptr) return malformed("minutes-missing", "Choose the file of the minutes.");
  MinutesOptions options;
  options.file = file->name;
  options.status = std::string(form.field("status"));
  options.date = std::string(form.field("date"));
  options.classification = std::string(form.field("classification"));
  options.sealed_items = TRY(items_in(form.field("seal")));
  options.public_items = TRY(items_in(form.field("publish")));
  options.accept_unplaced = form.field("accept_unplaced") == "on";
  options.accept_no_decisions = form.field("accept_none") == "on";
  const MinutesOutline outline = TRY(read_minutes(file->content));
  const auto unplaced = unplaced_lines(outline, options);
  if (!unplaced.empty() && !options.accept_unplaced) {
    write_unplaced(html, unplaced);
    return std::optional<Page>();
  }
  Sealer sealer;
  Minutes minutes = TRY(minutes_of(options, file->content, outline, sealer));
  return std::optional(TRY(kept_statement(work, std::move(minutes), sealer)));
}

// The newest minutes of a meeting: final, or the last draft.
std::optional<std::uint64_t> newest_minutes(Said meeting) {
  if (const auto entry = meeting["final_minutes"].number()) return entry;
  const auto drafts = meeting["drafts"].items();
  return drafts.empty() ? std::nullopt : drafts.back().number();
}

Result<Page> choose_meeting(const Workplace& work, Page page) {
  const Json json = TRY(work.source.get(Href("/v1/meetings")));
  const auto meetings = reversed(Said(json)["meetings"].items());
  HtmlWriter& html = page.main;
  html.element("h2", "Of which meeting?");
  if (meetings.empty()) {
    html.markup(
        "<p class=\"lead\">No minutes are in the log: <a href=\"/prepare/minutes\">prepare "
        "them first</a>.</p>\n");
    return page;
  }
  html.markup("<ul class=\"places\">");
  for (const Said& meeting : meetings) {
    html.markup("<li>");
    write_link(html, Href("/prepare/decision").query("meeting", meeting["meeting"].text()),
               meeting["meeting"].text());
    html.markup("</li>");
  }
  html.markup("</ul>\n");
  return page;
}

std::string place_value(Said minuted) {
  return std::to_string(minuted["item"].count()) + "-" + std::to_string(minuted["ordinal"].count());
}

void write_minuted_choices(HtmlWriter& html, const std::vector<Said>& decisions) {
  html.markup("<fieldset class=\"choices\"><legend>Which decision?</legend>\n");
  for (const Said& minuted : decisions) {
    const std::string place = place_value(minuted);
    html.markup("<div><input type=\"radio\" required name=\"place\" value=\"").text(place);
    html.markup("\" id=\"place-").text(place).markup("\"> <label for=\"place-").text(place);
    html.markup("\">Item ").number(minuted["item"].count()).markup(", decision ");
    html.number(minuted["ordinal"].count()).markup(": ").text(minuted["verb"].text()).markup(" ");
    write_words(html, minuted["text"], "");
    html.markup("</label></div>\n");
  }
  html.markup("</fieldset>\n");
}

Result<void> authorise(Act act, std::string_view text, Decision& decision) {
  Authorisation authorisation{act, {}};
  for (const std::string& id : TRY(ids_in_field(text))) {
    authorisation.models.push_back(TRY(ModelId::parse(id)));
  }
  if (!authorisation.models.empty()) decision.authorises.push_back(std::move(authorisation));
  return {};
}

Result<Page> kept_decision(const Workplace& work, Said minutes, const SentForm& form) {
  const auto decisions = minutes["decisions"].items();
  const auto chosen = std::find_if(decisions.begin(), decisions.end(), [&](Said minuted) {
    return place_value(minuted) == form.field("place");
  });
  if (chosen == decisions.end()) {
    return malformed("place-missing", "Choose the decision of the minutes.");
  }
  const auto date = Date::parse(minutes["date"].text());
  const auto verb = read_word<Verb>((*chosen)["verb"].text());
  const std::string words((*chosen)["text"].text());
  if (!date || !verb) return malformed("decision-unreadable", "Its verb is none of the Panel's.");
  if (words.empty()) {
    return refuse("decision-sealed",
                  "The words of this decision are under seal: prepare it with cpl decision and the "
                  "file that opens them.");
  }
  Decision decision{std::string(minutes["body"].text()), *date, {}, {}, {}, *verb, words, {}};
  decision.meeting = MeetingRef{decision.body, std::string(minutes["meeting"].text())};
  decision.place = {(*chosen)["item"].count(), (*chosen)["ordinal"].count()};
  TRY_VOID(authorise(Act::remove, form.field("remove"), decision));
  TRY_VOID(authorise(Act::reinstate, form.field("reinstate"), decision));
  Sealer sealer;
  if (!form.field("classification").empty()) {
    const auto readers = TRY(parse_readers(words_in(form.field("readers"))));
    const std::string handling =
        Handling{std::string(form.field("classification")), readers}.to_words();
    TRY(Handling::parse(handling));
    decision.handling = sealer.seal(std::string(handling_field), handling);
  }
  return kept_statement(work, std::move(decision), sealer);
}

// Listed models that a search finds, as ids to be looked through: a decision names each.
Result<std::string> ids_found(const Workplace& work, std::string_view text) {
  if (text.empty()) return std::string();
  const Json json = TRY(work.source.get(
      Href("/v1/models").query("q", text).query("status", "listed").query("limit", "200")));
  std::string ids;
  for (const Said& model : Said(json)["models"].items()) {
    ids += std::string(model["id"].text()) + "\n";
  }
  return ids;
}

void write_find_form(HtmlWriter& html, std::string_view meeting, std::string_view text) {
  html.markup(
      "<form class=\"filters\" method=\"get\" action=\"/prepare/decision\">"
      "<input type=\"hidden\" name=\"meeting\" value=\"");
  html.text(meeting).markup("\">");
  write_text_field(html, "find", "Find listed models, to fill them in", text,
                   "What their ids begin with, a maker, a firmware");
  html.markup("<button class=\"button second\" type=\"submit\">Find</button></form>\n");
}

}  // namespace

Result<Page> prepare_minutes_page(const Workplace& work, const PageRequest&, const SentForm* form) {
  Page page = begin_prepare_page("Prepare minutes");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  if (form != nullptr) {
    if (auto kept = TRY(kept_minutes(work, *form, html))) return *std::move(kept);
  }
  prepare_form_start(html, work, Href("/prepare/minutes"));
  write_minutes_fields(html, form == nullptr ? SentForm() : *form);
  prepare_form_end(html);
  return page;
}

Result<Page> prepare_decision_page(const Workplace& work, const PageRequest& asked,
                                   const SentForm* form) {
  Page page = begin_prepare_page("Prepare a decision");
  page.main.element("h1", page.title);
  const std::string_view meeting = asked.asked("meeting");
  if (meeting.empty()) return choose_meeting(work, std::move(page));
  const Json told = TRY(work.source.get(Href("/v1/meetings").segment(meeting)));
  const auto entry = newest_minutes(Said(told));
  if (!entry) return malformed("minutes-missing", "No minutes of this meeting are in the log.");
  const Json read = TRY(work.source.get(Href("/v1/entries").segment(*entry)));
  const Said minutes = Said(read)["content"];
  if (form != nullptr) return kept_decision(work, minutes, *form);
  HtmlWriter& html = page.main;
  html.markup("<p class=\"lead\">From the minutes in entry ");
  write_entry_link(html, *entry);
  html.markup(". Whoever signs compares the words with the paper.</p>\n");
  write_find_form(html, meeting, asked.asked("find"));
  html.markup("<form class=\"form\" method=\"post\" action=\"");
  html.text(Href("/prepare/decision").query("meeting", meeting).text()).markup("\">");
  write_form_key(html, work, Href("/prepare/decision"));
  write_minuted_choices(html, minutes["decisions"].items());
  write_text_area(html, "remove", "Models whose removal it authorises",
                  TRY(ids_found(work, asked.asked("find"))),
                  "Ids, one a line. Strike out what the words do not name");
  write_text_area(html, "reinstate", "Models whose return it authorises", "", "Ids, one a line");
  std::vector<Choice> classes = {{"", "None: nothing of it is under seal"}};
  for (const std::string_view word : classification_words) classes.push_back({word, word});
  write_select(html, "classification", "Class of its sealed texts", classes, "");
  write_text_field(
      html, "readers", "Who may read them", "",
      "service-desk, all-parties or a Party's name, each with @TIME where not at once");
  prepare_form_end(html);
  return page;
}

}  // namespace cpl
