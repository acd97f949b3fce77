// The paper for the Panel's standing item on changes to the list: printed, it is one.
#include <nlohmann/json.hpp>

#include "api/pages/asked_day.hpp"
#include "api/pages/model_rows.hpp"
#include "registry/base/london.hpp"

namespace cpl {
namespace {

constexpr std::string_view rows_max = "500";
constexpr std::array<std::string_view, 6> change_types = {
    "removal", "reinstatement", "correction", "certificate", "disclosure", "withdrawal"};

Result<std::vector<Json>> entries_since(const PageSource& source, UnixMillis since,
                                        std::string_view type) {
  const Json json = TRY(source.get(Href("/v1/entries")
                                       .query("type", type)
                                       .query("since", format_time(since))
                                       .query("limit", rows_max)));
  return json["entries"].get<std::vector<Json>>();
}

void write_entry_list(HtmlWriter& html, std::string_view caption, const std::vector<Json>& entries,
                      std::string_view without) {
  if (entries.empty()) {
    html.element("p", without);
    return;
  }
  std::vector<Said> said;
  said.reserve(entries.size());
  for (const Json& entry : entries) said.emplace_back(entry);
  write_entries(html, caption, said);
}

Result<void> write_since(HtmlWriter& html, const PageSource& source, const AskedDay& day) {
  const UnixMillis since = london_midnight(day.day);
  html.element("h2", "1. Changes since " + said_day(day.day));
  const auto added = TRY(entries_since(source, since, "addition"));
  html.markup("<p>").number(added.size());
  if (std::to_string(added.size()) == rows_max) html.markup(" or more");
  html.markup(" models were added.</p>\n");
  std::vector<Json> changes;
  for (const std::string_view type : change_types) {
    auto found = TRY(entries_since(source, since, type));
    changes.insert(changes.end(), std::move_iterator(found.begin()),
                   std::move_iterator(found.end()));
  }
  std::sort(changes.begin(), changes.end(), [](const Json& a, const Json& b) {
    return Said(a)["index"].count() < Said(b)["index"].count();
  });
  write_entry_list(html, "Removed, reinstated, corrected", changes,
                   "Nothing was removed, reinstated or corrected.");
  html.element("h2", "2. Notices given to the DCC Service Desk since then");
  write_entry_list(html, "Notices", TRY(entries_since(source, since, "notice")), "None.");
  return {};
}

Result<void> write_cover(HtmlWriter& html, const PageSource& source) {
  html.element("h2", "3. For decision: certificates that end within a year");
  html.element("p", "Each model is on the list; nothing removes it but a decision of the Panel.");
  const Json forecast = TRY(source.get(Href("/v1/forecast").query("months", "1")));
  const auto today = Date::parse(Said(forecast)["day"].text());
  if (!today) return {};
  const Json json = TRY(source.get(Href("/v1/models")
                                       .query("cover_ends_by", today->plus_years(1).text())
                                       .query("limit", rows_max)));
  const auto models = Said(json)["models"].items();
  if (models.empty()) {
    html.element("p", "None.");
  } else {
    write_model_rows(html, models, true);
  }
  if (Said(json)["next"].exists()) html.element("p", "There are more than are shown here.");
  return {};
}

Result<void> write_unconfirmed(HtmlWriter& html, const PageSource& source) {
  html.element("h2", "4. Decisions that no final minutes confirm");
  bool has_any = false;
  for (const std::string_view standing : {"provisional", "contradicted"}) {
    const Json json =
        TRY(source.get(Href("/v1/decisions").query("standing", standing).query("limit", rows_max)));
    for (const Said& decision : Said(json)["decisions"].items()) {
      has_any = true;
      html.markup("<p>");
      write_tag(html, standing_words(standing));
      html.markup(" ");
      write_minuted_place(html, decision["reference"]);
      html.markup(": ");
      write_words(html, decision["text"], decision["disclosed_text"].text());
      html.markup(" (entry ");
      write_entry_link(html, decision["entry"].count());
      html.markup(")</p>\n");
    }
  }
  if (!has_any) html.element("p", "None.");
  return {};
}

Result<void> write_open_notices(HtmlWriter& html, const PageSource& source) {
  html.element("h2", "5. Notices that are not applied");
  const Json json =
      TRY(source.get(Href("/v1/notices").query("state", "open").query("limit", rows_max)));
  const auto notices = Said(json)["notices"].items();
  if (notices.empty()) html.element("p", "None.");
  for (const Said& notice : notices) {
    const std::uint64_t entry = notice["entry"].count();
    html.markup("<p>");
    write_link(html, Href("/notices").segment(entry), "Notice " + std::to_string(entry));
    html.markup(" ");
    write_tag(html, notice_state(notice["state"].text()));
    html.markup(" ").number(notice["models"].items().size()).markup(" models</p>\n");
  }
  return {};
}

Result<void> write_proposed(HtmlWriter& html, const PageSource& source) {
  html.element("h2", "6. Removals proposed, and not decided yet");
  const Json json = TRY(source.get(Href("/v1/proposals")));
  bool has_any = false;
  for (const Said& proposal : Said(json)["proposals"].items()) {
    if (proposal["outcome"].text() != "open") continue;
    has_any = true;
    html.markup("<p>");
    write_model_link(html, proposal["model"].text());
    html.markup(": ").text(proposal_basis_words(proposal["basis"].text())).markup("; ");
    html.text(proposal["meeting"].text()).markup(", paper in entry ");
    write_entry_link(html, proposal["paper"].count());
    html.markup("</p>\n");
  }
  if (!has_any) html.element("p", "None.");
  return {};
}

Result<void> write_open_actions(HtmlWriter& html, const PageSource& source) {
  html.element("h2", "7. Actions outstanding");
  const Json json =
      TRY(source.get(Href("/v1/actions").query("state", "open").query("limit", rows_max)));
  const auto actions = Said(json)["actions"].items();
  if (actions.empty()) html.element("p", "None.");
  for (const Said& action : actions) {
    html.markup("<p>");
    write_said(html, action["ref"].text());
    if (const auto due = Date::parse(action["due"].text())) {
      html.markup(", due ").text(said_day(*due));
    }
    html.markup(": ");
    write_words(html, action["text"].exists() ? action["text"] : action["last_said"], "");
    html.markup("</p>\n");
  }
  return {};
}

}  // namespace

Result<Page> agenda_page(const PageRequest& request, const PageSource& source) {
  const auto day = TRY(asked_day(request));
  Page page{.title = "Paper for the standing agenda item",
            .main = {},
            .section = Section::decisions,
            .crumbs = {{"Decisions", Href("/decisions")}}};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<form action=\"/agenda\" method=\"get\">\n");
  write_day_field(html, "Changes since", asked_parts(request));
  html.markup("<p><button class=\"button\" type=\"submit\">Make the paper</button></p></form>\n");
  if (!day) {
    html.element("p",
                 "Give the day of the meeting before: the paper tells what changed since then.");
    return page;
  }
  TRY_VOID(write_since(html, source, *day));
  TRY_VOID(write_cover(html, source));
  TRY_VOID(write_unconfirmed(html, source));
  TRY_VOID(write_open_notices(html, source));
  TRY_VOID(write_proposed(html, source));
  TRY_VOID(write_open_actions(html, source));
  return page;
}

}  // namespace cpl
