// How the time limits of removals were kept: by step, with each that was late.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

std::string duration_words(Said seconds) {
  const auto count = seconds.number();
  if (!count) return "none yet";
  constexpr std::uint64_t minute = 60;
  constexpr std::uint64_t hour = 60 * minute;
  if (*count < minute) return grouped(*count) + " s";
  if (*count < hour) return grouped(*count / minute) + " min";
  return grouped(*count / hour) + " h " + grouped(*count % hour / minute) + " min";
}

void write_steps_table(HtmlWriter& html, Said answer) {
  Table table(html, "Each step of a removal",
              {"Step", "#In time", "#Late", "#Not done yet", "Median", "Longest"});
  for (const Said& step : answer["steps"].items()) {
    table.cell().text(desk_step_words(step["step"].text()));
    table.cell().number(step["in_time"].count());
    table.cell().number(step["late"].count());
    table.cell().number(step["open"].count());
    table.cell().text(duration_words(step["median_seconds"]));
    table.cell().text(duration_words(step["worst_seconds"]));
  }
}

void write_late(HtmlWriter& html, Said answer) {
  html.element("h2", "Late");
  std::size_t count = 0;
  for (const Said& step : answer["steps"].items()) count += step["late_steps"].items().size();
  if (count == 0) {
    html.element("p", "No step was late.");
    return;
  }
  Table table(html, "Each step that was late", {"Step", "Notice", "Due", "Done"});
  for (const Said& step : answer["steps"].items()) {
    for (const Said& late : step["late_steps"].items()) {
      const std::uint64_t notice = late["notice"].count();
      table.cell().text(desk_step_words(step["step"].text()));
      write_link(table.cell(), Href("/notices").segment(notice), std::to_string(notice));
      write_time(table.cell(), late["due"].text());
      HtmlWriter& done = table.cell();
      if (late["done"].exists()) {
        write_time(done, late["done"].text());
      } else {
        done.markup("not yet");
      }
    }
  }
}

}  // namespace

Result<Page> performance_page(const PageRequest& request, const PageSource& source) {
  Href path("/v1/performance");
  for (const std::string_view name : {"from", "to"}) {
    if (!request.asked(name).empty()) path.query(name, request.asked(name));
  }
  const Json json = TRY(source.get(path));
  const Said answer(json);
  Page page{.title = "Were the time limits kept?",
            .main = {},
            .section = Section::notices,
            .crumbs = {{"Removals under way", Href("/notices")}},
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"lead\">").text(counted(answer["notices"].count(), "notice"));
  html.markup(" in all.</p>\n");
  html.markup("<form class=\"filters\" action=\"/performance\" method=\"get\">\n");
  write_text_field(html, "from", "From", request.asked("from"), "A day, such as 2026-01-01");
  write_text_field(html, "to", "To", request.asked("to"), "The last day, such as 2026-12-31");
  html.markup("<button class=\"button\" type=\"submit\">Show</button>\n</form>\n");
  write_steps_table(html, answer);
  write_late(html, answer);
  html.markup("<p class=\"small muted\">Working Days by the calendar ");
  html.text(answer["calendar"]["name"].text()).markup(", ");
  html.text(answer["calendar"]["version"].text()).markup(".</p>\n");
  return page;
}

}  // namespace cpl
