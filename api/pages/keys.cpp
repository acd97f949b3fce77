// Every key that may or might sign, and since which entry; and that the log only grew.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"

namespace cpl {

namespace {

void write_key_rows(HtmlWriter& html, const std::vector<Said>& keys) {
  Table table(html, "Keys by role", {"Name", "Role", "In force", "Algorithm", "Id"});
  for (const Said& key : keys) {
    write_said(table.cell(), key["name"].text());
    table.cell().text(role_name(key["role"].text()));
    HtmlWriter& force = table.cell();
    force.markup("since entry ");
    write_entry_link(force, key["from"].count());
    if (const auto to = key["to"].number()) {
      force.markup(" up to entry ");
      write_entry_link(force, *to);
      force.markup(" ");
      write_tag(force, Tone::grey, "Retired");
    }
    table.cell().text(key["algorithm"].text());
    write_hash(table.cell(), key["id"].text());
  }
}

void write_consistency(HtmlWriter& html, Said proof) {
  Facts facts(html);
  write_hash(facts.fact("Root at the first size"), proof["from_root"].text());
  write_hash(facts.fact("Root at the second size"), proof["to_root"].text());
  HtmlWriter& hashes = facts.fact("Hashes");
  for (const std::string& hash : proof["hashes"].texts()) {
    write_hash(hashes, hash);
    hashes.markup("<br>");
  }
}

Page below_log(std::string title) {
  return {.title = std::move(title), .main = {}, .crumbs = {{"The log", Href("/log")}}};
}

}  // namespace

Result<Page> keys_page(const PageRequest&, const PageSource& source) {
  const Href path("/v1/keys");
  const Json json = TRY(source.get(path));
  const auto keys = Said(json)["keys"].items();
  Page page = below_log("Keys");
  page.alternate = path.text();
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p class=\"lead\">Who may sign what is said by charters, each an entry of the log. A key "
      "that "
      "was retired counts for what it signed before, and for nothing after.</p>\n");
  if (keys.empty()) {
    html.element("p", "No charter is in the log yet.");
  } else {
    write_key_rows(html, keys);
  }
  return page;
}

Result<Page> consistency_page(const PageRequest& request, const PageSource& source) {
  Page page = below_log("That the log only grew");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p class=\"lead\">Between any two sizes of the log there is a proof that the longer one "
      "begins "
      "with all of the shorter one.</p>\n"
      "<form class=\"filters\" action=\"/log/consistency\" method=\"get\">\n");
  write_text_field(html, "from", "From size", request.asked("from"), "Number of entries");
  write_text_field(html, "to", "To size", request.asked("to"), "Number of entries");
  html.markup("<button class=\"button\" type=\"submit\">Show the proof</button>\n</form>\n");
  if (request.asked("from").empty() || request.asked("to").empty()) return page;
  const Href path = Href("/v1/log/consistency")
                        .query("from", request.asked("from"))
                        .query("to", request.asked("to"));
  const Json json = TRY(source.get(path));
  const Said proof(json);
  page.alternate = path.text();
  html.markup("<h2>The proof (RFC 6962)</h2>\n");
  write_consistency(html, proof);
  return page;
}

}  // namespace cpl
