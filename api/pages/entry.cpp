// One entry of the log: what it did, who signed it, what they signed to the letter, and its proof.
#include <nlohmann/json.hpp>

#include "api/pages/content.hpp"

namespace cpl {
namespace {

// The page that tells of what the entry did.
std::optional<std::pair<Href, std::string>> page_of(Said entry) {
  const std::string_view type = entry["type"].text();
  const Said content = entry["content"];
  const std::uint64_t index = entry["index"].count();
  if (type == "decision") return {{Href("/decisions").segment(index), "The decision's page"}};
  if (type == "notice") return {{Href("/notices").segment(index), "The notice's page"}};
  if (type == "minutes") {
    return {{Href("/meetings").segment(content["meeting"].text()), "The meeting's page"}};
  }
  if (type == "receipt") {
    return {{Href("/notices").segment(content["notice"].count()), "The notice's page"}};
  }
  const std::string_view model = content["model"].text();
  if (!model.empty()) return {{Href("/models").segment(model), "The model's page"}};
  return std::nullopt;
}

void write_seals(HtmlWriter& html, Said seals) {
  if (!seals.exists()) return;
  html.element("h2", "Sealed texts");
  Facts facts(html);
  for (const auto& [field, opened_by] : seals.members()) {
    HtmlWriter& fact = facts.fact(field);
    if (const auto entry = opened_by.number()) {
      fact.markup("opened by entry ");
      write_entry_link(fact, *entry);
    } else {
      fact.markup("not opened in the log");
    }
  }
}

void write_proof(HtmlWriter& html, Said entry) {
  const std::uint64_t index = entry["index"].count();
  const std::string_view type = entry["type"].text();
  const std::string path = Href("/v1/entries").segment(index).text();
  html.element("h2", "Check it yourself");
  html.markup("<p>That this entry is in the log, at this number, is shown by <a href=\"")
      .text(path);
  html.markup("/proof\">its proof</a>");
  if (type == "decision" || type == "notice") {
    html.markup("; that it is genuine, by <a href=\"").text(path);
    html.markup("/evidence\" download>its evidence</a>");
  }
  html.markup(". <code>cpl prove entry ").text(std::to_string(index));
  html.markup("</code> asks for the proof and checks it on your own computer.</p>\n");
}

}  // namespace

Result<Page> entry_page(const PageRequest& request, const PageSource& source) {
  const Href path = Href("/v1/entries").segment(request.place());
  const Json json = TRY(source.get(path));
  const Said entry(json);
  const std::uint64_t index = entry["index"].count();
  Page page{.title = "Entry " + std::to_string(index),
            .main = {},
            .section = Section::changes,
            .crumbs = {{"Changes", Href("/changes")}},
            .alternate = path.text()};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<p class=\"lead\">");
  write_summary(html, entry["summary"].text());
  html.markup("</p>\n");
  {
    Facts facts(html);
    write_time(facts.fact("In the log since"), entry["time"].text());
    write_time(facts.fact("Signed statement made"), entry["issued_at"].text());
    facts.fact("Signed by", signers_words(entry["signed_by"]));
    facts.fact("Kind of statement", entry["type"].text());
    write_hash(facts.fact("Its id"), entry["id"].text());
  }
  if (const auto more = page_of(entry)) {
    html.markup("<p>");
    write_link(html, more->first, more->second);
    html.markup("</p>\n");
  }
  html.element("h2", "What it says");
  write_content(html, entry["content"]);
  write_seals(html, entry["seals"]);
  html.markup("<details><summary><span>To the letter, as it was signed</span></summary>\n");
  html.markup("<div class=\"statement\"><pre>").text(entry["statement"].text());
  html.markup("</pre></div></details>\n");
  write_proof(html, entry);
  return page;
}

}  // namespace cpl
