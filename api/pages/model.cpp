// One model: may it be used, and if not, on whose decision; what firmware gets its devices back;
// what is known of it, and all that ever happened to it.
#include <nlohmann/json.hpp>

#include "api/pages/asked_day.hpp"
#include "api/pages/impact.hpp"
#include "api/pages/model_parts.hpp"

namespace cpl {
namespace {

void write_heading(HtmlWriter& html, std::string_view id) {
  html.markup("<div class=\"row\"><h1 class=\"id\">").text(id);
  html.markup("</h1><button class=\"copy\" type=\"button\" hidden data-copy=\"").text(id);
  html.markup("\">Copy<span class=\"hidden\"> the model's id</span></button></div>\n");
}

// Since when devices in the field are treated so.
void write_in_dcc(HtmlWriter& html, Said loaded) {
  html.markup("<p>");
  if (const auto version = loaded["version"].number()) {
    html.markup("In the DCC&rsquo;s systems since ");
    write_time(html, loaded["since"].text());
    html.markup(", with ");
    write_link(html, Href("/extracts").segment(*version),
               "version " + std::to_string(*version) + " of the list");
    html.markup(".</p>\n");
    return;
  }
  html.markup("The DCC has not said yet that it loaded this: ");
  write_link(html, Href("/loadings"), "what it has loaded");
  html.markup(".</p>\n");
}

std::string_view end_words(std::string_view what) {
  if (what == "installation") return "Not for new installation after ";
  if (what == "maintenance") return "Not maintained after ";
  return "Does not apply after ";
}

void write_specification_ends(HtmlWriter& html, Said ends) {
  for (const Said& end : ends.items()) {
    const auto day = Date::parse(end["date"].text());
    if (!day) continue;
    html.markup("<p class=\"small\">").text(end_words(end["what"].text())).text(said_day(*day));
    html.markup(": ").text(end["specification"].text()).markup(", by the ");
    write_link(html, Href("/specifications"), "table of specifications");
    html.markup(".</p>\n");
  }
}

void write_state(HtmlWriter& html, Said model) {
  const StateWords state = model_state(model);
  html.markup("<p class=\"row\">");
  write_tag(html, state);
  html.markup("<span>In effect since ");
  write_time(html, model["effective_from"].text());
  html.markup("</span>");
  if (model["authority"].exists()) {
    write_tag(html, standing_words(model["authority"]["standing"].text()));
  }
  html.markup("</p>\n");
  write_in_dcc(html, model["in_dcc"]);
  write_specification_ends(html, model["specification_ends"]);
}

// What a supplier whose meters are suspended needs first.
void write_way_back(HtmlWriter& html, Said model) {
  if (model["status"].text() != "removed") return;
  note_start(html, Tone::bad, "Devices of this model are suspended");
  const auto firmware = model["listed_firmware"].texts();
  if (firmware.empty()) {
    html.markup(
        "<p>No firmware of the same hardware is on the list: there is <strong>no listed "
        "successor</strong>. Ask the manufacturer.</p>\n");
  } else {
    html.markup("<p>They are restored when they run a listed firmware of the same hardware:</p>\n");
    html.markup("<ul class=\"plain\">");
    for (const std::string& id : firmware) {
      html.markup("<li>");
      write_model_link(html, id);
      html.markup("</li>");
    }
    html.markup("</ul>\n");
  }
  note_end(html);
}

void write_under_notice(HtmlWriter& html, Said model) {
  if (!model["under_notice"].is_true()) return;
  note_start(html, Tone::warn, "Its removal is under way");
  html.markup("<p>The DCC Service Desk has been given a notice to remove it: ");
  const std::uint64_t notice = model["notice"].count();
  write_link(html, Href("/notices").segment(notice), "notice " + std::to_string(notice));
  html.markup(". Until the removal takes effect the model stays on the list.</p>\n");
  note_end(html);
}

void write_check(HtmlWriter& html, std::string_view id) {
  const std::string path = Href("/v1/models").segment(id).text() + "/evidence";
  html.markup("<h2>Check it yourself</h2>\n<div class=\"row\"><a class=\"button second\" href=\"");
  html.text(path)
      .markup("\" download=\"")
      .text(id)
      .markup(".json\">Download the evidence</a></div>");
  html.markup(
      "<p class=\"small muted\">The evidence needs no server and no trust in this site: "
      "<code>cpl verify FILE --policy policy.txt</code> says whether it is genuine, and so does <a "
      "href=\"");
  html.text(Href("/check").query("model", id).text())
      .markup("\">a page in your browser</a>.</p>\n");
}

// What the state was on a day that is asked for.
Result<void> write_day(HtmlWriter& html, const PageRequest& request, const PageSource& source,
                       std::string_view id) {
  const auto asked = TRY(asked_day(request));
  html.element("h2", "On a given day");
  if (asked) {
    const auto json =
        source.get(Href("/v1/models").segment(id).query("time", format_time(asked->end)));
    html.markup("<p class=\"lead\">At the end of ").text(said_day(asked->day)).markup(": ");
    if (json) {
      write_tag(html, model_state(Said(*json)));
    } else if (json.error().errc == Errc::not_found) {
      write_tag(html, Tone::grey, "Not on the list");
    } else {
      return json.error();
    }
    html.markup("</p>\n");
  }
  html.markup("<form action=\"").text(Href("/models").segment(id).text());
  html.markup("\" method=\"get\">\n");
  write_day_field(html, "Was it on the list on a given day?", asked_parts(request));
  html.markup("<button class=\"button second\" type=\"submit\">Show</button></form>\n");
  return {};
}

// Who was never on the list is an answer, too: the question is asked of what devices report.
Page never_listed(std::string_view id) {
  Page page{.title = std::string(id) + ": not on the list",
            .main = {},
            .section = Section::list,
            .crumbs = {{"The list", Href("/models")}}};
  write_heading(page.main, id);
  page.main.markup("<p class=\"row\">");
  write_tag(page.main, Tone::grey, "Not on the list");
  page.main.markup("<span>It was never on the list.</span></p>\n<p>");
  const std::string_view hardware = id.substr(0, id.rfind('-'));
  write_link(page.main, Href("/models").query("q", hardware), "Other firmware of this hardware");
  page.main.markup("</p>\n");
  write_check(page.main, id);
  return page;
}

}  // namespace

Result<Page> model_page(const PageRequest& request, const PageSource& source) {
  const std::string_view id = request.place();
  const Href path = Href("/v1/models").segment(id);
  const auto json = source.get(path);
  if (!json && json.error().code == "model-not-found") return never_listed(id);
  if (!json) return json.error();
  const Said model(*json);
  const Said facts = model["model"];
  Page page{.title = std::string(id) + ": " + model_state(model).word,
            .main = {},
            .section = Section::list,
            .crumbs = {{"The list", Href("/models")},
                       {std::string(facts["manufacturer_name"].text()),
                        Href("/manufacturers").segment(facts["manufacturer_id"].text())}},
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  write_heading(html, id);
  write_state(html, model);
  write_way_back(html, model);
  write_under_notice(html, model);
  if (model["under_notice"].is_true()) write_impact_section(html, source, {std::string(id)});
  TRY_VOID(write_authority(html, model, source));
  TRY_VOID(write_firmware(html, model, source));
  html.markup("<div class=\"two\"><div>\n");
  write_facts(html, facts);
  html.markup("</div><div>\n");
  write_certificates(html, facts["certificates"], model["lapsed"]);
  html.markup("</div></div>\n");
  const Json history = TRY(source.get(Href("/v1/models").segment(id).segment("history")));
  html.element("h2", "History");
  write_entries(html, "Every entry about this model, newest first",
                reversed(Said(history)["entries"].items()));
  TRY_VOID(write_day(html, request, source, id));
  write_check(html, id);
  if (request.viewer.may_sign_in) {
    html.markup("<p class=\"no-print\">");
    write_link(html, Href("/report").query("model", id), "Report a wrong entry");
    html.markup("</p>\n");
  }
  return page;
}

}  // namespace cpl
