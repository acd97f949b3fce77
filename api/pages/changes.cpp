// What happened, newest first, by day.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"
#include "api/pictures/month_bars.hpp"
#include "crypto/encoding.hpp"
#include "registry/base/london.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t changes_shown = 100;

std::string day_of(Said entry) {
  const auto time = entry["time"].time();
  return time ? said_day(london_day(*time)) : std::string();
}

void write_days(HtmlWriter& html, const std::vector<Said>& entries) {
  for (auto at = entries.begin(); at != entries.end();) {
    const std::string day = day_of(*at);
    const auto end =
        std::find_if(at, entries.end(), [&](Said entry) { return day_of(entry) != day; });
    html.element("h2", day);
    write_entries(html, "Entries of " + day + ", newest first", {at, end});
    at = end;
  }
}

// Nothing of it is worth a page that cannot be shown.
void write_months(HtmlWriter& html, const PageSource& source) {
  const auto json = source.get(Href("/v1/changes/months"));
  if (!json) return;
  std::vector<MonthBar> bars;
  for (const Said& month : Said(*json)["months"].items()) {
    bars.push_back(
        {std::string(month["month"].text()), month["added"].count(), month["removed"].count()});
  }
  write_change_bars(html, bars);
  html.markup("<details><summary><span>Every month in numbers</span></summary>\n");
  {
    Table table(html, "Changes by month",
                {"Month", "#Added", "#Removed", "#Reinstated", "#Corrected"});
    for (const Said& month : Said(*json)["months"].items()) {
      table.cell().text(said_month(month["month"].text()));
      for (const std::string_view what : {"added", "removed", "reinstated", "corrected"}) {
        table.cell().number(month[what].count());
      }
    }
  }
  html.markup("</details>\n");
}

void write_ways(HtmlWriter& html) {
  html.markup(
      "<h2>Be told of changes</h2>\n<ul><li><a href=\"/v1/feed.atom\">Feed for a feed reader "
      "(Atom)</a></li><li><a href=\"/help/follow\">Webhook, mail, event stream: how to follow "
      "changes and miss none</a></li></ul>\n");
}

}  // namespace

Result<Page> changes_page(const PageRequest& request, const PageSource& source) {
  const Json all = TRY(source.get(Href("/v1/models").query("limit", "1")));
  const std::uint64_t size = Said(all)["log_size"].count();
  const auto before = from_decimal(request.asked("before"));
  const std::uint64_t end = std::min(before.value_or(size), size);
  const std::uint64_t from = end > changes_shown ? end - changes_shown : 0;
  Page page{.title = "Changes",
            .main = {},
            .section = Section::changes,
            .is_live = !before,
            .alternate = "/v1/changes?after=earliest"};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p class=\"lead\">Everything that was ever done to the list, and on whose signature. "
      "Nothing here can be taken away or changed.</p>\n");
  if (end == 0) {
    html.element("p", "The log has no entry yet.");
    return page;
  }
  if (!before) write_months(html, source);
  const Json json = TRY(source.get(Href("/v1/entries")
                                       .query("from", std::to_string(from))
                                       .query("limit", std::to_string(end - from))));
  write_days(html, reversed(Said(json)["entries"].items()));
  std::optional<Href> next;
  if (from > 0) next = Href("/changes").query("before", std::to_string(from));
  write_next(html, next, "Earlier changes");
  write_ways(html);
  return page;
}

}  // namespace cpl
