// Notices to the DCC Service Desk: which are open, what is due by when, and each by itself.
#include <nlohmann/json.hpp>

#include "api/pages/impact.hpp"
#include "api/pages/shared.hpp"

namespace cpl {
namespace {

constexpr std::string_view notices_shown = "50";

// The clock that runs, or the last that ran.
std::optional<Said> running_clock(Said notice) {
  for (const Said& clock : notice["clocks"].items()) {
    if (!clock["done"].exists()) return clock;
  }
  return std::nullopt;
}

bool is_open(Said notice) {
  const std::string_view state = notice["state"].text();
  return state != "applied" && state != "rejected" && state != "withdrawn";
}

void write_due(HtmlWriter& html, Said notice) {
  const auto clock = running_clock(notice);
  if (!clock || !is_open(notice)) {
    html.markup("nothing");
    return;
  }
  html.text(desk_step_words((*clock)["step"].text())).markup(" by ");
  write_time(html, (*clock)["due"].text());
}

void write_model_list(HtmlWriter& html, Said models) {
  html.markup("<ul class=\"plain\">");
  for (const Said& model : models.items()) {
    html.markup("<li>");
    write_model_link(html, model.text());
    html.markup("</li>");
  }
  html.markup("</ul>\n");
}

void write_notices(HtmlWriter& html, const std::vector<Said>& notices) {
  Table table(html, "Notices, newest first",
              {"Notice", "State", "Models", "Issued", "Due next", "Decision"});
  for (const Said& notice : notices) {
    const std::uint64_t entry = notice["entry"].count();
    write_link(table.cell(), Href("/notices").segment(entry), std::to_string(entry));
    write_tag(table.cell(), notice_state(notice["state"].text()));
    write_model_list(table.cell(), notice["models"]);
    write_time(table.cell(), notice["issued"].text());
    write_due(table.cell(), notice);
    write_tag(table.cell(), standing_words(notice["authority"]["standing"].text()));
  }
}

void write_clocks(HtmlWriter& html, Said notice) {
  html.element("h2", "Steps and when they are due");
  Table table(html, "Each step of the removal", {"Step", "Counts from", "Due", "Done"});
  for (const Said& clock : notice["clocks"].items()) {
    table.cell().text(desk_step_words(clock["step"].text()));
    write_time(table.cell(), clock["since"].text());
    write_time(table.cell(), clock["due"].text());
    HtmlWriter& done = table.cell();
    if (!clock["done"].exists()) {
      done.markup("not yet");
      continue;
    }
    write_time(done, clock["done"].text());
    const auto at = clock["done"].time();
    const auto due = clock["due"].time();
    if (at && due && *at > *due) {
      done.markup(" ");
      write_tag(done, Tone::bad, "Late");
    }
  }
}

void write_models_of(HtmlWriter& html, Said notice) {
  html.element("h2", "Models it names");
  Table table(html, "What is removed by it", {"Model", "Removed"});
  for (const Said& model : notice["models"].items()) {
    write_model_link(table.cell(), model.text());
    const auto removed = notice["removals"][model.text()].number();
    HtmlWriter& cell = table.cell();
    if (removed) {
      cell.markup("by entry ");
      write_entry_link(cell, *removed);
    } else {
      cell.markup("not yet");
    }
  }
}

void write_receipts(HtmlWriter& html, Said notice) {
  html.element("h2", "What the Service Desk said");
  const auto answers = notice["answers"].items();
  if (answers.empty()) {
    html.element("p", "Nothing yet.");
    return;
  }
  Table table(html, "Receipts, oldest first", {"When", "What", "Signed by", "#Entry"});
  for (const Said& answer : answers) {
    write_time(table.cell(), answer["time"].text());
    HtmlWriter& what = table.cell();
    write_tag(what, notice_state(answer["status"].text()));
    if (answer["code"].exists())
      what.markup(" <code>").text(answer["code"].text()).markup("</code> ");
    if (answer["text"].exists()) write_words(what, answer["text"], "");
    if (answer["applied_at"].exists()) {
      what.markup(" in the DCC's systems since ");
      write_time(what, answer["applied_at"].text());
    }
    table.cell().text(signers_words(answer["signed_by"]));
    write_entry_link(table.cell(), answer["entry"].count());
  }
}

// The registry's own judgement: said to be that.
void write_verdict(HtmlWriter& html, std::uint64_t entry, const PageSource& source) {
  html.element("h2", "Is it genuine?");
  const auto json = source.get(Href("/v1/notices").segment(entry).segment("verdict"));
  if (!json) {
    html.markup("<p>").text(json.error().detail).markup("</p>\n");
  } else {
    const Said verdict(*json);
    const bool is_valid = verdict["verdict"].text().starts_with("VALID");
    html.markup("<p class=\"row\">");
    write_tag(html, is_valid ? Tone::good : Tone::bad, is_valid ? "Genuine" : "Not genuine");
    html.markup("<span>").text(verdict["sentence"].text()).markup("</span></p>\n");
    checks_start(html);
    for (const Said& check : verdict["checks"].items()) {
      write_check(html, check["passed"].is_true(),
                  std::string(check["name"].text()) + ": " + std::string(check["detail"].text()));
    }
    checks_end(html);
  }
  const std::string path = Href("/v1/notices").segment(entry).text() + "/evidence";
  html.markup("<p class=\"small muted\">That is the registry's own opinion. Judge for yourself: ");
  html.markup("<a href=\"").text(path).markup("\" download=\"notice-").text(std::to_string(entry));
  html.markup(".json\">download the evidence</a>, then <code>cpl verify FILE --policy policy.txt");
  html.markup("</code>, or <a href=\"")
      .text(Href("/check").query("notice", std::to_string(entry)).text())
      .markup("\">judge it in your browser</a>.</p>\n");
}

}  // namespace

Result<Page> notices_page(const PageRequest& request, const PageSource& source) {
  const std::string state(request.asked("state").empty() ? "open" : request.asked("state"));
  Href path = Href("/v1/notices").query("limit", notices_shown);
  if (state != "all") path.query("state", state);
  if (!request.asked("before").empty()) path.query("before", request.asked("before"));
  const Json json = TRY(source.get(path));
  const Said answer(json);
  const auto notices = answer["notices"].items();
  Page page{.title = "Removals under way",
            .main = {},
            .section = Section::notices,
            .is_live = true,
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p>Before a model leaves the list, the Code Administrator gives the DCC Service Desk a "
      "notice, and the Service Desk checks it against the Panel's minutes.</p>\n"
      "<form class=\"filters\" action=\"/notices\" method=\"get\">\n");
  write_select(html, "state", "State",
               {{"open", "Not finished"},
                {"issued", "Issued"},
                {"received", "Received"},
                {"validated", "Validated"},
                {"rejected", "Rejected"},
                {"applied", "Applied"},
                {"withdrawn", "Taken back"},
                {"all", "All"}},
               state);
  html.markup("<button class=\"button\" type=\"submit\">Show</button>\n</form>\n");
  if (notices.empty()) {
    html.markup("<p class=\"lead\">No notice is in this state.</p>\n");
  } else {
    write_notices(html, notices);
  }
  std::optional<Href> next;
  if (const auto before = answer["next"].number()) {
    next = Href("/notices").query("state", state).query("before", std::to_string(*before));
  }
  write_next(html, next, "Older notices");
  html.markup("<p><a href=\"/performance\">Were the time limits kept?</a></p>\n");
  if (!answer["contact"].text().empty()) {
    html.markup("<p>If something does not fit: ").text(answer["contact"].text()).markup("</p>\n");
  }
  html.markup("<p class=\"small muted\">Working Days by the calendar ");
  html.text(answer["calendar"]["name"].text()).markup(", ");
  html.text(answer["calendar"]["version"].text()).markup(".</p>\n");
  return page;
}

Result<Page> notice_page(const PageRequest& request, const PageSource& source) {
  const Href path = Href("/v1/notices").segment(request.place());
  const Json json = TRY(source.get(path));
  const Said notice(json);
  const std::uint64_t entry = notice["entry"].count();
  const StateWords state = notice_state(notice["state"].text());
  const Said decision = notice["authority"];
  Page page{.title = "Notice " + std::to_string(entry) + ": " + state.word,
            .main = {},
            .section = Section::notices,
            .crumbs = {{"Removals under way", Href("/notices")}},
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", "Notice " + std::to_string(entry));
  html.markup("<p class=\"row\">");
  write_tag(html, state);
  html.markup("<span>").text(state.sentence).markup("</span>");
  write_tag(html, standing_words(decision["standing"].text()));
  html.markup("</p>\n");
  {
    Facts facts(html);
    write_due(facts.fact("Due next"), notice);
    write_time(facts.fact("Takes effect"), notice["effective_from"].text());
    write_signed(facts.fact("Given"), source, entry);
    facts.fact("Why", basis_words(notice["basis"].text()));
    HtmlWriter& decided = facts.fact("Decided by");
    write_minuted_place(decided, decision["reference"]);
    decided.markup(": ");
    write_words(decided, decision["text"], decision["disclosed_text"].text());
    decided.markup(" ");
    write_link(decided, Href("/decisions").segment(decision["entry"].count()), "Read the decision");
  }
  write_models_of(html, notice);
  write_impact_section(html, source, notice["models"].texts());
  write_receipts(html, notice);
  write_clocks(html, notice);
  write_verdict(html, entry, source);
  return page;
}

}  // namespace cpl
