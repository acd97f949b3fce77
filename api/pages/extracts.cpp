// The complete list as signed files, for the DCC to load and for everybody to keep.
#include <nlohmann/json.hpp>

#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t extracts_shown = 50;

struct Form {
  std::string_view name;
  std::string_view words;
};
constexpr std::array<Form, 3> forms = {
    {{"csv", "CSV"}, {"json", "JSON"}, {"xlsx", "Excel workbook (XLSX)"}}};

std::string size_words(std::uint64_t octets) {
  constexpr std::uint64_t kilo = 1024;
  return octets < 10 * kilo ? grouped(octets) + " bytes" : grouped(octets / kilo) + " kB";
}

void write_downloads(HtmlWriter& html, Said extract) {
  const std::string stem = "/v1/extracts/" + std::to_string(extract["version"].count()) + ".";
  Table table(html, "Files of this version", {"Form", "File", "Signature", "SHA-256"});
  for (const Form& form : forms) {
    const Said file = extract["files"][form.name];
    if (!file.exists()) continue;
    const std::string path = stem + std::string(form.name);
    table.cell().text(form.words);
    table.cell()
        .markup("<a href=\"")
        .text(path)
        .markup("\" download>Download</a>, ")
        .text(size_words(file["size"].count()));
    table.cell().markup("<a href=\"").text(path).markup(".p7s\" download>Signature</a>");
    write_hash(table.cell(), file["sha256"].text());
  }
}

void write_extract_facts(HtmlWriter& html, Said extract) {
  Facts facts(html);
  write_time(facts.fact("The list as of"), extract["as_of"].text());
  facts.fact("Log entries covered").number(extract["log_size"].count());
  facts.fact("Models listed").number(extract["listed"].count());
  facts.fact("Models removed").number(extract["removed"].count());
  write_time(facts.fact("Signed"), extract["signed_at"].text());
  facts.fact("Signed by", extract["signer"].text());
}

void write_versions(HtmlWriter& html, const std::vector<Said>& versions) {
  Table table(html, "Versions, newest first",
              {"Version", "The list as of", "#Listed", "#Removed", "Signed by"});
  for (const Said& extract : versions) {
    const std::uint64_t version = extract["version"].count();
    write_link(table.cell(), Href("/extracts").segment(version),
               "Version " + std::to_string(version));
    write_time(table.cell(), extract["as_of"].text());
    table.cell().number(extract["listed"].count());
    table.cell().number(extract["removed"].count());
    write_said(table.cell(), extract["signer"].text());
  }
}

Page extracts_frame(std::string title) {
  return {.title = std::move(title), .main = {}, .section = Section::extracts};
}

}  // namespace

Result<Page> extracts_page(const PageRequest&, const PageSource& source) {
  const Json first = TRY(source.get(Href("/v1/extracts").query("limit", "1")));
  const std::uint64_t newest = Said(first)["newest"].count();
  Page page = extracts_frame("Download the list");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup(
      "<p class=\"lead\">The complete list in one file, signed so that its receiver can check that "
      "it comes from the Code Administrator, and that it is what the log says.</p>\n"
      "<p><a href=\"/loadings\">What the DCC has loaded</a></p>\n");
  if (newest == 0) {
    html.element("p", "No version has been published yet.");
    return page;
  }
  const std::uint64_t after = newest > extracts_shown ? newest - extracts_shown : 0;
  const Href path = Href("/v1/extracts")
                        .query("after", std::to_string(after))
                        .query("limit", std::to_string(extracts_shown));
  page.alternate = path.text();
  const Json json = TRY(source.get(path));
  write_versions(html, reversed(Said(json)["extracts"].items()));
  return page;
}

Result<Page> extract_page(const PageRequest& request, const PageSource& source) {
  const auto version = from_decimal(request.place());
  const Error none{Errc::not_found, "extract-not-found",
                   "No such version was published. The list of versions is under Download."};
  if (!version || *version == 0) return none;
  const Json json = TRY(source.get(
      Href("/v1/extracts").query("after", std::to_string(*version - 1)).query("limit", "1")));
  const auto found = Said(json)["extracts"].items();
  if (found.empty() || found.front()["version"].number() != version) return none;
  const Said extract = found.front();
  Page page = extracts_frame("Version " + std::to_string(*version) + " of the list");
  page.crumbs = {{"Download", Href("/extracts")}};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  write_extract_facts(html, extract);
  write_downloads(html, extract);
  const std::string number = std::to_string(*version);
  html.markup("<h2>Check it before you use it</h2>\n<p>On your own computer:</p>\n<pre>");
  html.text("cpl extract fetch --extract-version " + number + " --out list.csv\n");
  html.text("cpl extract verify list.csv --policy policy.txt");
  html.markup("</pre>\n<p>The proof that ties its rows to the log: <a href=\"/v1/extracts/");
  html.text(number).markup(".proof\" download>download</a>.</p>\n");
  return page;
}

namespace {

std::string difference_words(std::string_view what) {
  if (what == "added") return "Added";
  if (what == "removed") return "Removed";
  if (what == "reinstated") return "Reinstated";
  if (what == "changed") return "Changed";
  return "Missing";
}

void write_differences(HtmlWriter& html, Said difference) {
  Table table(html, "What is different", {"Model", "What", "Fields", "#Entry"});
  for (const Said& one : difference["differences"].items()) {
    write_model_link(table.cell(), one["model"].text());
    const bool is_loss = one["what"].text() == "removed" || one["what"].text() == "missing";
    write_tag(table.cell(), is_loss ? Tone::bad : Tone::info, difference_words(one["what"].text()));
    write_said(table.cell(), one["fields"].text());
    write_entry_link(table.cell(), one["entry"].count());
  }
}

}  // namespace

Result<Page> extract_difference_page(const PageRequest& request, const PageSource& source) {
  Page page = extracts_frame("Compare two versions");
  page.crumbs = {{"Download", Href("/extracts")}};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.markup("<form class=\"filters\" action=\"/extracts/compare\" method=\"get\">\n");
  write_text_field(html, "from", "Older version", request.asked("from"));
  write_text_field(html, "to", "Newer version", request.asked("to"));
  html.markup("<button class=\"button\" type=\"submit\">Compare</button>\n</form>\n");
  if (request.asked("from").empty() || request.asked("to").empty()) return page;
  const Href path = Href("/v1/extracts")
                        .segment(request.asked("from"))
                        .segment("difference")
                        .segment(request.asked("to"));
  const Json json = TRY(source.get(path));
  const Said difference(json);
  page.alternate = path.text();
  const Said counts = difference["counts"];
  html.markup("<p class=\"lead\">").number(counts["added"].count()).markup(" added, ");
  html.number(counts["removed"].count()).markup(" removed, ");
  html.number(counts["reinstated"].count()).markup(" reinstated, ");
  html.number(counts["changed"].count()).markup(" changed.</p>\n");
  if (!difference["differences"].items().empty()) write_differences(html, difference);
  return page;
}

}  // namespace cpl
