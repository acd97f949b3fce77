// All of one manufacturer: its models, and which of its certificates end.
#include <nlohmann/json.hpp>

#include "api/pages/forecast.hpp"
#include "api/pages/model_rows.hpp"

namespace cpl {

Result<Page> manufacturer_page(const PageRequest& request, const PageSource& source) {
  const std::string_view number = request.place();
  const Href path =
      Href("/v1/models").query("manufacturer_id", number).query("limit", models_shown);
  const Json json = TRY(source.get(path));
  const Said answer(json);
  const auto models = answer["models"].items();
  if (models.empty()) {
    return Error{Errc::not_found, "manufacturer-not-found",
                 "No model of a manufacturer with this number was ever on the list."};
  }
  const std::string name(models.front()["manufacturer_name"].text());
  Page page{.title = name,
            .main = {},
            .section = Section::list,
            .crumbs = {{"The list", Href("/models")}},
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.markup("<h1 class=\"said\">").text(name).markup("</h1>\n<p>Manufacturer's number ");
  html.markup("<span class=\"id\">").text(number).markup("</span></p>\n");
  html.element("h2", "Its models");
  write_model_rows(html, models, false);
  std::optional<Href> next;
  if (answer["next"].exists()) {
    next = Href("/models").query("manufacturer_id", number).query("after", answer["next"].text());
  }
  write_next(html, next, "More of its models");
  html.element("h2", "Its certificates that end");
  const Json forecast =
      TRY(source.get(Href("/v1/forecast").query("months", "12").query("manufacturer_id", number)));
  write_forecast(html, Said(forecast));
  return page;
}

}  // namespace cpl
