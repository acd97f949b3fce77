#include "api/pages/impact.hpp"

#include <nlohmann/json.hpp>

#include "api/html/parts.hpp"
#include "api/html/said_time.hpp"

namespace cpl {
namespace {

constexpr std::size_t impact_ids_max = 1000;

void write_ids(HtmlWriter& html, const std::vector<std::string>& ids) {
  if (ids.empty()) {
    html.markup("none");
    return;
  }
  html.markup("<ul class=\"plain\">");
  for (const std::string& id : ids) {
    html.markup("<li>");
    write_model_link(html, id);
    html.markup("</li>");
  }
  html.markup("</ul>");
}

bool is_stranded(Said model) {
  return model["status"].text() == "listed" && !model["has_successor"].is_true();
}

void write_successors(HtmlWriter& html, Said model) {
  if (is_stranded(model)) {
    write_tag(html, Tone::bad, "No listed successor");
    return;
  }
  write_ids(html, model["successors"].texts());
}

void write_cover(HtmlWriter& html, Said model) {
  for (const Said& end : model["cover_ends"].items()) {
    html.markup("<br>").text(end["certificate"].text()).markup(" certificate ends ");
    write_time(html, end["date"].text());
  }
}

void write_devices(HtmlWriter& html, Said model) {
  if (!model["counted_on"].exists()) return;
  html.markup("<br>");
  if (const auto devices = model["devices"].number()) {
    html.number(*devices).markup(" devices");
  } else {
    html.markup("no devices counted");
  }
  html.markup(", by the DCC&rsquo;s count of ");
  write_time(html, model["counted_on"].text());
}

bool has_listed(const Json& impact) {
  const auto models = Said(impact)["models"].items();
  return std::any_of(models.begin(), models.end(),
                     [](Said model) { return model["status"].text() == "listed"; });
}

std::string_view listing_words(Said model) {
  const std::string_view status = model["status"].text();
  if (status == "listed") return "listed";
  return status == "removed" ? "removed already" : "never listed";
}

}  // namespace

Result<Json> ask_impact(const PageSource& source, const std::vector<std::string>& ids) {
  if (ids.size() > impact_ids_max) {
    return malformed("impact-too-large", "only 1,000 models can be told about at once");
  }
  Json impact = TRY(source.ask(Href("/v1/models/impact"), {{"ids", ids}}));
  std::vector<std::string> told;
  for (const Said& model : Said(impact)["models"].items()) {
    told.emplace_back(model["id"].text());
  }
  if (told == ids) return impact;
  return Error{Errc::unauthorized, "evidence-mismatch",
               "the registry tells of other models than it was asked about"};
}

std::vector<std::string> without_successor(const Json& impact) {
  std::vector<std::string> ids;
  for (const Said& model : Said(impact)["models"].items()) {
    if (is_stranded(model)) ids.emplace_back(model["id"].text());
  }
  return ids;
}

void write_impact(HtmlWriter& html, const Json& impact) {
  Table table(html, "What devices have left, with all of these models off the list",
              {"Model", "Listed successors", "Other firmware that stays", "Loses its only way up"});
  for (const Said& model : Said(impact)["models"].items()) {
    HtmlWriter& name = table.cell();
    write_model_link(name, model["id"].text());
    name.markup("<br>").text(model["manufacturer_name"].text()).markup(", ");
    name.text(listing_words(model));
    write_devices(name, model);
    write_cover(name, model);
    write_successors(table.cell(), model);
    write_ids(table.cell(), model["same_hardware"].texts());
    write_ids(table.cell(), model["without_way_up"].texts());
  }
}

void write_impact_section(HtmlWriter& html, const PageSource& source,
                          const std::vector<std::string>& ids) {
  if (ids.empty()) return;
  const auto impact = ask_impact(source, ids);
  if (impact && !has_listed(*impact)) return;
  html.element("h2", "What it leaves devices with");
  if (!impact) {
    html.markup("<p>It cannot be told: ").text(impact.error().detail).markup("</p>\n");
    return;
  }
  const auto stranded = without_successor(*impact);
  if (!stranded.empty()) {
    note_start(html, Tone::bad, "No listed successor");
    html.markup(
        "<p>Devices of these models have no firmware on the list that names theirs as its "
        "predecessor: ");
    html.text(joined(stranded)).markup(".</p>\n");
    note_end(html);
  }
  write_impact(html, *impact);
}

}  // namespace cpl
