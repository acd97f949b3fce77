// Sealed texts that the service keeps for those who may read them. What they say is not shown here.
#include <nlohmann/json.hpp>

#include "api/html/said_time.hpp"
#include "crypto/encoding.hpp"
#include "tools/ui/operator.hpp"

namespace cpl {
namespace {

void write_readers(HtmlWriter& cell, const std::vector<Said>& readers) {
  if (readers.empty()) cell.markup("nobody: it rules over the others");
  for (const Said& reader : readers) {
    write_said(cell, reader["who"].text());
    cell.markup(" from ");
    write_time(cell, reader["from"].text());
    cell.markup("<br>");
  }
}

void write_openings(HtmlWriter& html, const std::vector<Said>& openings) {
  Table table(html, "By entry", {"Entry", "Where in it", "Class", "Readers", "What you can do"});
  for (const Said& opening : openings) {
    const std::string entry = std::to_string(opening["entry"].count());
    const std::string_view field = opening["field"].text();
    write_entry_link(table.cell(), opening["entry"].count());
    table.cell().markup("<code>").text(field).markup("</code>");
    table.cell().text(opening["classification"].text());
    write_readers(table.cell(), opening["readers"].items());
    write_link(table.cell(),
               Href("/operator/openings/destroy").query("entry", entry).query("field", field),
               "Destroy " + entry + " " + std::string(field));
  }
}

Result<Page> openings_page(const Workplace& work) {
  const Json json = TRY(work.client.get_json("/v1/operator/openings"));
  const auto openings = Said(json)["openings"].items();
  Page page = begin_operator_page("Sealed texts that are kept");
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  if (openings.empty()) {
    html.markup(
        "<p class=\"lead\">None. <code>cpl openings keep</code> takes the file that opens a "
        "seal.</p>\n");
    return page;
  }
  write_openings(html, openings);
  return page;
}

void write_destroy_form(HtmlWriter& html, const Workplace& work, std::string_view entry,
                        std::string_view field) {
  operator_form_start(html, work, Href("/operator/openings/destroy"));
  write_hidden(html, "entry", entry);
  write_hidden(html, "field", field);
  write_text_field(html, "typed", "Type the entry's number to confirm", "",
                   "So that nothing is destroyed by a slip of the hand");
  operator_form_end(html, "Destroy it");
}

Result<Page> destroy_page(const Workplace& work, const OperatorRequest& asked) {
  const bool is_sent = asked.form != nullptr;
  const std::string entry(is_sent ? asked.form->field("entry") : asked.asked("entry"));
  const std::string field(is_sent ? asked.form->field("field") : asked.asked("field"));
  if (!from_decimal(entry)) return malformed("index-malformed", "An entry is named by its number.");
  Page page = begin_operator_page("Destroy what opens entry " + entry);
  page.crumbs.push_back({"Sealed texts", Href("/operator/openings")});
  HtmlWriter& html = page.main;
  if (is_sent && asked.form->field("typed") == entry) {
    const Href path = Href("/v1/operator/openings").segment(entry).query("field", field);
    TRY(work.client.del(path.text()));
    page.see_other = Href("/operator/openings");
    return page;
  }
  if (is_sent) {
    page.title = "Error: " + page.title;
    write_error_summary(html, {{"typed", "Type " + entry + ": what you typed is another number."}});
  }
  html.markup("<h1>Destroy what opens entry ").text(entry).markup("</h1>\n<p class=\"lead\">");
  html.markup("The text at <code>").text(field);
  html.markup(
      "</code> can then be read from the service no more. Every other copy of the .seals file "
      "still "
      "opens it.</p>\n");
  write_destroy_form(html, work, entry, field);
  html.markup("<p><a href=\"/operator/openings\">Go back, destroy nothing</a></p>\n");
  return page;
}

}  // namespace

Result<std::optional<Page>> openings_page_of(const Workplace& work, const OperatorRequest& asked) {
  const std::size_t depth = asked.segments.size();
  if (depth == 2 && asked.form == nullptr) return std::optional(TRY(openings_page(work)));
  if (depth == 3 && asked.part(1) == "destroy") {
    return std::optional(TRY(destroy_page(work, asked)));
  }
  return std::optional<Page>();
}

}  // namespace cpl
