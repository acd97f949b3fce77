// Which versions of the list the DCC's systems have loaded, and which are due.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t loadings_shown = 50;

std::string_view step_words(std::string_view status) {
  if (status == "received") return "Received";
  if (status == "verified") return "Signature checked";
  if (status == "loaded") return "Loaded";
  return "Rejected";
}

void write_loading_state(HtmlWriter& html, Said loading) {
  if (!loading["matches"].is_true()) {
    write_tag(html, Tone::bad, "The DCC tells of another list under this number");
  } else if (loading["loaded"].exists()) {
    write_tag(html, Tone::good, "Loaded");
  } else if (loading["state"].text() == "rejected") {
    write_tag(html, Tone::bad, "Rejected");
  } else if (loading["state"].exists()) {
    write_tag(html, Tone::info, step_words(loading["state"].text()));
  } else {
    write_tag(html, Tone::warn, "Nothing said yet");
  }
}

void write_steps(HtmlWriter& html, Said loading) {
  bool is_first = true;
  for (const Said& step : loading["steps"].items()) {
    if (!is_first) html.markup("<br>");
    is_first = false;
    html.text(step_words(step["status"].text())).markup(" ");
    write_time(html, step["at"].text());
    html.markup(", entry ");
    write_entry_link(html, step["entry"].count());
  }
  if (is_first) html.markup("none");
}

void write_loadings(HtmlWriter& html, const std::vector<Said>& loadings) {
  Table table(html, "Versions, newest first",
              {"Version", "In the DCC's systems", "Published", "Due", "What the DCC said"});
  for (const Said& loading : loadings) {
    const std::uint64_t version = loading["version"].count();
    write_link(table.cell(), Href("/extracts").segment(version),
               "Version " + std::to_string(version));
    write_loading_state(table.cell(), loading);
    write_time(table.cell(), loading["published"].text());
    write_time(table.cell(), loading["due"].text());
    write_steps(table.cell(), loading);
  }
}

}  // namespace

Result<Page> loadings_page(const PageRequest& request, const PageSource& source) {
  const Json first = TRY(source.get(Href("/v1/loadings").query("limit", "1")));
  const std::uint64_t newest = Said(first)["newest"].count();
  const std::uint64_t before = from_decimal(request.asked("before")).value_or(newest + 1);
  const std::uint64_t last = std::min(newest, before - std::min<std::uint64_t>(before, 1));
  const std::uint64_t after = last > loadings_shown ? last - loadings_shown : 0;
  const Href path = Href("/v1/loadings")
                        .query("after", std::to_string(after))
                        .query("limit", std::to_string(loadings_shown));
  Page page{.title = "What the DCC has loaded",
            .main = {},
            .section = Section::extracts,
            .crumbs = {{"Download", Href("/extracts")}},
            .is_live = true,
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p>A change counts for devices in the field once the DCC's systems use a version of "
      "the list that has it. The DCC Service Desk signs for each version that it came, "
      "that its signature was checked, and that it is loaded.</p>\n");
  if (newest == 0) {
    html.element("p", "No version of the list has been published yet.");
    return page;
  }
  html.markup("<p class=\"lead\">");
  if (const auto loaded = Said(first)["newest_loaded"].number()) {
    html.markup("The newest that is loaded is version ").number(*loaded).markup(" of ");
    html.number(newest).markup(".</p>\n");
  } else {
    html.markup("The DCC has not said yet that it loaded one.</p>\n");
  }
  const Json json = TRY(source.get(path));
  write_loadings(html, reversed(Said(json)["loadings"].items()));
  std::optional<Href> next;
  if (after > 0) next = Href("/loadings").query("before", std::to_string(after + 1));
  write_next(html, next, "Older versions");
  return page;
}

}  // namespace cpl
