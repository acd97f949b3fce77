// Certificates that end: how many models by month, and which lost theirs while they stayed listed.
#include "api/pages/forecast.hpp"

#include <nlohmann/json.hpp>

#include "api/pictures/month_bars.hpp"

namespace cpl {
namespace {

void write_forecast_filters(HtmlWriter& html, const PageRequest& request) {
  html.markup("<form class=\"filters\" action=\"/forecast\" method=\"get\">\n");
  write_device_type(html, request.asked("device_type"));
  write_text_field(html, "manufacturer_id", "Manufacturer's number",
                   request.asked("manufacturer_id"), "Four digits, such as 9A01");
  html.markup("<button class=\"button\" type=\"submit\">Show</button>\n</form>\n");
}

// "2027-03-31" of "2027-03".
std::string last_day_of(std::string_view month) {
  for (int day = 31; day > 27; --day) {
    std::string text = std::string(month) + "-" + std::to_string(day);
    if (Date::parse(text)) return text;
  }
  return std::string(month) + "-28";
}

void write_lapsed(HtmlWriter& html, Said forecast) {
  html.markup("<h2 id=\"lapsed\">Ended while listed</h2>\n");
  const auto lapsed = forecast["lapsed"].items();
  if (lapsed.empty()) {
    html.element("p", "None: every listed model has the certificates that it needs.");
    return;
  }
  Table table(html, "Listed models of which a certificate ended",
              {"Model", "Manufacturer", "Certificate", "Since"});
  for (const Said& model : lapsed) {
    write_model_link(table.cell(), model["id"].text());
    write_said(table.cell(), model["manufacturer_name"].text());
    table.cell().text(certificate_name(model["certificate"].text())).markup(" ");
    write_time(table.cell(), model["since"].text());
  }
}

}  // namespace

void write_forecast(HtmlWriter& html, Said forecast) {
  std::vector<MonthBar> bars;
  for (const Said& month : forecast["months"].items()) {
    bars.push_back({std::string(month["month"].text()), month["ending"].count(),
                    month["without_successor"].count()});
  }
  write_forecast_bars(html, bars);
  Table table(html, "Listed models of which a certificate ends, by month",
              {"Month", "#Models", "#Without a listed successor"});
  for (const MonthBar& bar : bars) {
    HtmlWriter& month = table.cell();
    if (bar.whole == 0) {
      month.text(said_month(bar.month));
    } else {
      write_link(month, Href("/models").query("cover_ends_by", last_day_of(bar.month)),
                 said_month(bar.month));
    }
    table.cell().number(bar.whole);
    table.cell().number(bar.marked);
  }
}

Result<Page> forecast_page(const PageRequest& request, const PageSource& source) {
  Href path = Href("/v1/forecast").query("months", "12");
  for (const std::string_view name : {"manufacturer_id", "device_type"}) {
    if (!request.asked(name).empty()) path.query(name, request.asked(name));
  }
  const Json json = TRY(source.get(path));
  const Said forecast(json);
  Page page{.title = "Certificates that end",
            .main = {},
            .section = Section::list,
            .crumbs = {{"The list", Href("/models")}},
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p class=\"lead\">In the next twelve months, as the certificates say today. A model leaves "
      "the list only by a removal, never by itself.</p>\n");
  html.markup("<p>You can be told ahead of each end, and on the day: ");
  write_link(html, Href("/v1/feed.atom").query("types", "certificate.ending.v1"), "a feed of them");
  html.markup(
      ", or \u201CA certificate ends, some months ahead\u201D among your notifications.</p>\n");
  write_forecast_filters(html, request);
  write_forecast(html, forecast);
  write_lapsed(html, forecast);
  return page;
}

}  // namespace cpl
