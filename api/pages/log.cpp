// The log itself: how long it is, who may sign what, where programs read it.
#include "api/pages/shared.hpp"

namespace cpl {
namespace {

std::string role_name(std::string_view role) {
  if (role == "panel") return "Panel";
  if (role == "registrar") return "Registrar (Code Administrator)";
  if (role == "service_desk") return "DCC Service Desk";
  return std::string(role);
}

void write_roles(HtmlWriter& html, Said roles) {
  Table table(html, "Who may sign what", {"Role", "#Signatures needed", "Keys"});
  for (const auto& [role, said] : roles.members()) {
    table.cell().text(role_name(role));
    table.cell().number(said["threshold"].count());
    HtmlWriter& keys = table.cell();
    keys.markup("<ul class=\"plain\">");
    for (const std::string& key : said["keys"].texts()) {
      keys.markup("<li>");
      write_hash(keys, key);
      keys.markup("</li>");
    }
    keys.markup("</ul>");
  }
}

}  // namespace

Result<Page> log_page(const PageRequest&, const PageSource& source) {
  Page page{.title = "The log", .main = {}};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p class=\"lead\">Everything on this site follows from one list of signed entries, to which "
      "one can only add.</p>\n<p>The log signs how long it is, witnesses sign that they saw it so, "
      "and anybody can check that nothing was changed or left out: <code>cpl audit</code> replays "
      "it from the first entry, <code>cpl monitor</code> watches it without pause.</p>\n");
  const auto json = source.get(Href("/v1/charter"));
  html.element("h2", "The charter in force");
  if (!json) {
    html.element("p", "The log has no entry yet: it begins with its charter.");
  } else {
    page.alternate = "/v1/charter";
    const Said charter(*json);
    html.markup("<p>");
    write_link(html, Href("/entries").segment(charter["index"].count()),
               "Entry " + std::to_string(charter["index"].count()));
    html.markup(", ");
    write_time(html, charter["time"].text());
    html.markup(", signed by ").text(signers_words(charter["signed_by"])).markup(".</p>\n");
    write_roles(html, charter["content"]["roles"]);
  }
  html.markup(
      "<h2>For programs</h2>\n<ul><li><a href=\"/checkpoint\">The signed checkpoint</a> and its "
      "cosignatures</li><li>The log as tiles (C2SP tlog-tiles) under <code>/tile</code></li>"
      "<li><a href=\"/readyz\">Whether statements are taken</a></li></ul>\n");
  return page;
}

}  // namespace cpl
