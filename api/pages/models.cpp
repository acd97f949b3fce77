// The list, filtered and page by page.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"

namespace cpl {
namespace {

constexpr std::string_view models_shown = "100";
constexpr std::array<std::string_view, 6> filters = {"q",      "device_type",   "manufacturer_id",
                                                     "status", "cover_ends_by", "after"};

// The same list, as the API or as a page has it.
Href with_filters(Href path, const PageRequest& request, std::string_view except) {
  for (const std::string_view name : filters) {
    if (name != except && !request.asked(name).empty()) path.query(name, request.asked(name));
  }
  return path;
}

bool is_filtered(const PageRequest& request) {
  return std::any_of(filters.begin(), filters.end() - 1,
                     [&](std::string_view name) { return !request.asked(name).empty(); });
}

void write_filters(HtmlWriter& html, const PageRequest& request) {
  html.markup("<form class=\"filters\" action=\"/models\" method=\"get\" role=\"search\">\n");
  write_text_field(html, "q", "Search", request.asked("q"));
  write_select(html, "device_type", "Device type",
               {{"", "All"},
                {"ESME", "ESME"},
                {"GSME", "GSME"},
                {"CH", "CH"},
                {"PPMID", "PPMID"},
                {"HCALCS", "HCALCS"},
                {"SAPC", "SAPC"}},
               request.asked("device_type"));
  write_select(html, "status", "State", {{"", "All"}, {"listed", "Listed"}, {"removed", "Removed"}},
               request.asked("status"));
  write_text_field(html, "manufacturer_id", "Manufacturer's number",
                   request.asked("manufacturer_id"));
  write_text_field(html, "cover_ends_by", "Certificate ends by", request.asked("cover_ends_by"));
  html.markup("<button class=\"button\" type=\"submit\">Show</button>\n</form>\n");
}

std::string ends_words(Said ends) {
  std::vector<std::string> words;
  for (const Said& end : ends.items()) {
    const auto day = Date::parse(end["date"].text());
    words.push_back(std::string(end["certificate"].text()) + ": " +
                    std::string(end["what"].text()) + " " + (day ? said_day(*day) : ""));
  }
  return joined(words);
}

void write_models(HtmlWriter& html, const std::vector<Said>& models, bool has_ends) {
  std::vector<std::string_view> columns = {"Model", "State", "Manufacturer", "Firmware as printed",
                                           "Specification"};
  if (has_ends) columns.emplace_back("Certificates");
  Table table(html, "Models", columns);
  for (const Said& model : models) {
    write_model_link(table.cell(), model["id"].text());
    write_tag(table.cell(), model_state(model));
    write_said(table.cell(), model["manufacturer_name"].text());
    write_said(table.cell(), model["firmware_version_printed"].text());
    table.cell().text(model["ts"].text());
    if (has_ends) table.cell().text(ends_words(model["cover_ends"]));
  }
}

}  // namespace

Result<Page> models_page(const PageRequest& request, const PageSource& source) {
  const Href path = with_filters(Href("/v1/models"), request, "").query("limit", models_shown);
  const Json json = TRY(source.get(path));
  const Said answer(json);
  const auto models = answer["models"].items();
  Page page{.title = is_filtered(request) ? "The list, filtered" : "The list",
            .main = {},
            .section = Section::list,
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  write_filters(html, request);
  if (models.empty() && !answer["next"].exists()) {
    html.markup("<p class=\"lead\">No model matches.</p>\n");
    html.markup("<p><a href=\"/models\">Clear the filter</a></p>\n");
    return page;
  }
  if (models.empty()) {
    html.element("p", "None among those looked through so far; there are more.");
  } else {
    write_models(html, models, !request.asked("cover_ends_by").empty());
  }
  std::optional<Href> next;
  if (answer["next"].exists()) {
    next = with_filters(Href("/models"), request, "after").query("after", answer["next"].text());
  }
  write_next(html, next, "Next page");
  return page;
}

}  // namespace cpl
