// Sealed texts that the Party may read now.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"
#include "registry/base/json.hpp"

namespace cpl {
namespace {

std::string capital(std::string words) {
  if (!words.empty()) words[0] = ascii_upper(words.substr(0, 1))[0];
  return words;
}

Href openings_at(std::string_view entry) {
  return Href("/v1/entries").segment(entry).segment("openings");
}

void write_openings(HtmlWriter& html, const std::vector<Said>& openings) {
  Table table(html, "Each with its class", {"Entry", "Text", "Class", "Since", "Words"});
  for (const Said& opening : openings) {
    const std::uint64_t entry = opening["entry"].count();
    write_entry_link(table.cell(), entry);
    table.cell().text(capital(place_in_words(opening["field"].text())));
    write_tag(table.cell(), Tone::warn, opening["classification"].text());
    write_time(table.cell(), opening["since"].text());
    write_link(table.cell(), Href("/me/openings").segment(entry),
               "Read those of entry " + std::to_string(entry));
  }
}

}  // namespace

Result<Page> openings_page(const PageRequest&, const PageSource& source) {
  const Json json = TRY(source.get(Href("/v1/openings")));
  Page page{.title = "Sealed texts that you may read",
            .main = {},
            .crumbs = {{"Your notifications", Href("/me")}},
            .alternate = "/v1/openings"};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.element("p",
               "Some texts of the log are sealed. The Panel decides who may read each, and from "
               "when. The registry writes down who read what.");
  const auto openings = Said(json)["openings"].items();
  if (openings.empty()) html.element("p", "There is none that you may read now.");
  if (!openings.empty()) write_openings(html, openings);
  return page;
}

Result<Page> opening_page(const PageRequest& request, const PageSource& source) {
  const ApiAnswer answered = TRY(source.answer({.path = openings_at(request.place())}));
  const Json json = TRY(answered.json());
  Page page{
      .title = "Sealed texts of entry " + std::string(request.place()),
      .main = {},
      .crumbs = {{"Your notifications", Href("/me")}, {"Sealed texts", Href("/me/openings")}}};
  if (request.asked("as") == "file") {
    page.download = Download{"entry-" + std::string(request.place()) + ".seals", "application/json",
                             answered.body};
    return page;
  }
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.element("p", "They are meant for you, and for whoever else the Panel named.");
  for (const Said& opening : Said(json)["openings"].items()) {
    html.element("h2", capital(place_in_words(opening["field"].text())));
    html.markup("<blockquote class=\"statement\"><p class=\"said lines\">");
    html.text(opening["value"].text()).markup("</p></blockquote>\n");
  }
  html.markup("<p class=\"row\"><a class=\"button second\" href=\"");
  html.text(Href("/me/openings").segment(request.place()).query("as", "file").text());
  html.markup("\">Download them with their salts</a><a href=\"");
  html.text(Href("/entries").segment(request.place()).text());
  html.markup("\">The entry</a></p>\n");
  return page;
}

}  // namespace cpl
