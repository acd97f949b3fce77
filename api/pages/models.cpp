// The list, filtered, page by page, now or as it stood on a day.
#include <nlohmann/json.hpp>

#include "api/pages/asked_day.hpp"
#include "api/pages/model_rows.hpp"

namespace cpl {
namespace {

constexpr std::array<std::string_view, 5> filters = {"q", "device_type", "manufacturer_id",
                                                     "status", "cover_ends_by"};
constexpr std::array<std::string_view, 3> day_fields = {"day", "month", "year"};

template <class Names>
void put_asked(Href& path, const PageRequest& request, const Names& names) {
  for (const std::string_view name : names) {
    if (!request.asked(name).empty()) path.query(name, request.asked(name));
  }
}

bool is_filtered(const PageRequest& request) {
  return std::any_of(filters.begin(), filters.end(),
                     [&](std::string_view name) { return !request.asked(name).empty(); });
}

void write_filters(HtmlWriter& html, const PageRequest& request) {
  html.markup("<form action=\"/models\" method=\"get\" role=\"search\">\n<div class=\"filters\">");
  write_text_field(html, "q", "Search", request.asked("q"), "An id, a maker, firmware as printed");
  write_device_type(html, request.asked("device_type"));
  write_select(html, "status", "State", {{"", "All"}, {"listed", "Listed"}, {"removed", "Removed"}},
               request.asked("status"));
  write_text_field(html, "manufacturer_id", "Manufacturer's number",
                   request.asked("manufacturer_id"), "Four digits, such as 9A01");
  write_text_field(html, "cover_ends_by", "Certificate ends by", request.asked("cover_ends_by"),
                   "A day, such as 2027-03-31");
  html.markup("</div>\n");
  write_day_field(html, "As the list stood at the end of a day (leave empty for now)",
                  asked_parts(request));
  html.markup("<p><button class=\"button\" type=\"submit\">Show</button></p>\n</form>\n");
}

Href api_path(const PageRequest& request, const std::optional<AskedDay>& day) {
  Href path("/v1/models");
  put_asked(path, request, filters);
  if (!request.asked("after").empty()) path.query("after", request.asked("after"));
  if (day) path.query("time", format_time(day->end));
  return path.query("limit", models_shown);
}

std::string title_of(const PageRequest& request, const std::optional<AskedDay>& day) {
  std::string title = is_filtered(request) ? "The list, filtered" : "The list";
  if (day) title += ", on " + said_day(day->day);
  return title;
}

void write_answer(HtmlWriter& html, const PageRequest& request, Said answer) {
  const auto models = answer["models"].items();
  const bool has_more = answer["next"].exists();
  if (!models.empty()) {
    write_model_rows(html, models, !request.asked("cover_ends_by").empty());
  } else if (has_more) {
    html.element("p", "None among those looked through so far; there are more.");
  } else {
    html.markup("<p class=\"lead\">No model matches.</p>\n");
    html.markup("<p><a href=\"/models\">Clear the filter</a></p>\n");
  }
  if (!has_more) return;
  Href next("/models");
  put_asked(next, request, filters);
  put_asked(next, request, day_fields);
  write_next(html, next.query("after", answer["next"].text()), "Next page");
}

}  // namespace

Result<Page> models_page(const PageRequest& request, const PageSource& source) {
  const auto day = TRY(asked_day(request));
  const Href path = api_path(request, day);
  const Json json = TRY(source.get(path));
  Page page{.title = title_of(request, day),
            .main = {},
            .section = Section::list,
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  write_filters(html, request);
  write_answer(html, request, Said(json));
  html.markup(
      "<p>See also: <a href=\"/forecast\">certificates that end</a>, "
      "<a href=\"/extracts\">the whole list as a signed file</a>, "
      "<a href=\"/lookup\">a list of your own against it</a>.</p>\n");
  return page;
}

}  // namespace cpl
