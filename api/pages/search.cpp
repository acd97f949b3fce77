// One text looked up everywhere. What is found alone is shown at once.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"

namespace cpl {
namespace {

struct HitWords {
  Href to;
  std::string kind;
};

HitWords hit_words(Said hit) {
  const std::string_view kind = hit["kind"].text();
  const std::string_view id = hit["id"].text();
  const std::string_view model = hit["model"].text();
  if (kind == "model") return {Href("/models").segment(id), "Model"};
  if (kind == "manufacturer") return {Href("/manufacturers").segment(id), "Manufacturer"};
  if (kind == "meeting") return {Href("/meetings").segment(id), "Meeting"};
  if (kind == "certificate") return {Href("/models").segment(model), "Model with this certificate"};
  if (kind == "image") return {Href("/models").segment(model), "Model with this firmware image"};
  const std::uint64_t entry = hit["entry"].count();
  if (kind == "decision") return {Href("/decisions").segment(entry), "Decision"};
  if (kind == "notice") return {Href("/notices").segment(entry), "Notice"};
  return {Href("/entries").segment(entry), "Entry"};
}

void write_hits(HtmlWriter& html, const std::vector<Said>& hits) {
  Table table(html, "What was found", {"What", "Kind", "More"});
  for (const Said& hit : hits) {
    const HitWords words = hit_words(hit);
    const std::string_view model = hit["model"].text();
    write_link(table.cell(), words.to, model.empty() ? hit["id"].text() : model);
    table.cell().text(words.kind);
    HtmlWriter& more = table.cell();
    if (hit["status"].exists()) {
      write_tag(more, model_state(hit));
      more.markup(" ");
    }
    write_summary(more, hit["title"].text());
  }
}

}  // namespace

void write_search_form(HtmlWriter& html, std::string_view text) {
  html.markup(
      "<form class=\"search\" action=\"/search\" method=\"get\" role=\"search\"><div>"
      "<label for=\"q\">Search the registry</label><span class=\"hint\" id=\"q-hint\">A model's id "
      "or the beginning of one, a manufacturer, an entry's number, a meeting, a certificate's "
      "number, a hash</span><input id=\"q\" name=\"q\" type=\"search\" spellcheck=\"false\" "
      "autocomplete=\"off\" aria-describedby=\"q-hint\" value=\"");
  html.text(text).markup(
      "\"></div><button class=\"button\" type=\"submit\">Search</button></form>\n");
}

Result<Page> search_page(const PageRequest& request, const PageSource& source) {
  const std::string_view text = request.asked("q");
  Page page{.title = "Search", .main = {}};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  write_search_form(html, text);
  if (text.empty()) return page;
  const Href path = Href("/v1/search").query("q", text);
  page.alternate = path.text();
  const Json json = TRY(source.get(path));
  const auto hits = Said(json)["hits"].items();
  if (hits.size() == 1) page.see_other = hit_words(hits.front()).to;
  if (hits.empty()) {
    html.markup("<p class=\"lead\">Nothing here is called <q class=\"said\">").text(text);
    html.markup("</q>.</p>\n<p>Look through <a href=\"/models\">the list</a>, or see ");
    html.markup("<a href=\"/help\">what can be looked up</a>.</p>\n");
    return page;
  }
  write_hits(html, hits);
  return page;
}

}  // namespace cpl
