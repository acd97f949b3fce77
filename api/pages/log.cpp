// The log itself: how long it is, who may sign what, where programs read it.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"

namespace cpl {
namespace {

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

void write_present(HtmlWriter& html, Said status) {
  html.element("h2", "At present");
  Facts facts(html);
  facts.fact("Entries").number(status["log_size"].count());
  if (status["last_entry_time"].exists()) {
    write_time(facts.fact("The last of them"), status["last_entry_time"].text());
  }
  HtmlWriter& ready = facts.fact("Takes statements");
  if (status["ready"].is_true()) {
    write_tag(ready, Tone::good, "Yes");
  } else {
    write_tag(ready, Tone::bad, "No");
    ready.markup(" ").text(status["not_ready"]["detail"].text());
  }
  facts.fact("Published and cosigned up to").number(status["published_size"].count());
  facts.fact("Calendar of Working Days", std::string(status["calendar"]["name"].text()) + ", " +
                                             std::string(status["calendar"]["version"].text()));
}

void write_witnesses(HtmlWriter& html, Said status) {
  html.element("h2", "Witnesses");
  const auto witnesses = status["witnesses"].items();
  if (witnesses.empty()) {
    html.element("p", "This registry asks no witnesses to cosign. Run your own monitor.");
    return;
  }
  const Said quorum = status["quorum"];
  html.markup("<p>").number(quorum["fresh"].count()).markup(" of ").number(quorum["of"].count());
  html.markup(" cosigned the newest checkpoint; ").number(quorum["needed"].count());
  html.markup(" are needed.</p>\n");
  Table table(html, "What each witness last cosigned", {"Witness", "#Size", "When"});
  for (const Said& witness : witnesses) {
    write_said(table.cell(), witness["name"].text());
    table.cell().number(witness["last_size"].count());
    HtmlWriter& when = table.cell();
    if (witness["last_success"].exists()) {
      write_time(when, witness["last_success"].text());
    } else {
      write_tag(when, Tone::warn, "Not heard of yet");
    }
  }
}

}  // namespace

Result<Page> log_page(const PageRequest&, const PageSource& source) {
  Page page{.title = "The log", .main = {}, .is_live = true, .alternate = "/v1/status"};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p class=\"lead\">Everything on this site follows from one list of signed entries, to which "
      "one can only add.</p>\n<p>The log signs how long it is, witnesses sign that they saw it so, "
      "and anybody can check that nothing was changed or left out: <code>cpl audit</code> replays "
      "it from the first entry, <code>cpl monitor</code> watches it without pause.</p>\n");
  const Json status = TRY(source.get(Href("/v1/status")));
  write_present(html, Said(status));
  write_witnesses(html, Said(status));
  const auto json = source.get(Href("/v1/charter"));
  html.element("h2", "The charter in force");
  if (!json) {
    html.element("p", "The log has no entry yet: it begins with its charter.");
  } else {
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
      "<p><a href=\"/log/keys\">All keys, and since when</a> · "
      "<a href=\"/log/consistency\">That the log only grew</a></p>\n<h2>For "
      "programs</h2>\n<ul><li><a href=\"/checkpoint\">The signed checkpoint</a> and its "
      "cosignatures</li><li>The log as tiles (C2SP tlog-tiles) under <code>/tile</code></li>"
      "<li><a href=\"/readyz\">Whether statements are taken</a></li></ul>\n");
  return page;
}

}  // namespace cpl
