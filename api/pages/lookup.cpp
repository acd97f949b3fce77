// A list of one's own against the list: what stands how, in one table, for who has many devices.
#include <nlohmann/json.hpp>

#include "api/pages/model_rows.hpp"
#include "api/pages/shared.hpp"
#include "crypto/encoding.hpp"
#include "registry/base/csv.hpp"

namespace cpl {
namespace {

constexpr std::size_t ids_max = 1000;

StateWords standing_state(Said model) {
  const std::string_view status = model["status"].text();
  if (status == "removed") return {Tone::bad, "Removed", {}};
  if (status == "under-notice") return {Tone::warn, "Under notice", {}};
  if (status == "listed") return {Tone::good, "Listed", {}};
  return {Tone::grey, "Never listed", {}};
}

void write_lookup_form(HtmlWriter& html, std::string_view text, std::string_view form_key) {
  form_start(html, Href("/lookup"), form_key);
  write_text_area(html, "ids", "Models", text,
                  "Up to 1,000 ids, one to a line, or a column of a spreadsheet");
  html.markup(
      "<p class=\"row\"><button class=\"button\" type=\"submit\">Look them up</button>"
      "<button class=\"button second\" type=\"submit\" name=\"as\" value=\"csv\">Save as CSV"
      "</button></p>\n</form>\n");
}

void write_standings(HtmlWriter& html, const std::vector<Said>& models) {
  Table table(html, "How each of them stands",
              {"Model", "State", "Since", "Decision", "Certificates", "Newest listed firmware"});
  for (const Said& model : models) {
    write_model_link(table.cell(), model["id"].text());
    write_tag(table.cell(), standing_state(model));
    write_time(table.cell(), model["effective_from"].text());
    HtmlWriter& decision = table.cell();
    if (const auto entry = model["decision"].number()) {
      write_link(decision, Href("/decisions").segment(*entry), std::to_string(*entry));
    }
    table.cell().text(ends_words(model["cover_ends"]));
    HtmlWriter& newest = table.cell();
    if (model["newest_firmware"].exists()) {
      write_model_link(newest, model["newest_firmware"].text());
    } else {
      newest.markup("none is listed");
    }
  }
}

void write_counts(HtmlWriter& html, const std::vector<Said>& models) {
  html.markup("<p class=\"lead\">");
  bool is_first = true;
  for (const std::string_view status : {"listed", "under-notice", "removed", "never-listed"}) {
    const auto count = std::count_if(models.begin(), models.end(),
                                     [&](Said model) { return model["status"].text() == status; });
    if (!is_first) html.markup(", ");
    is_first = false;
    std::string words(status);
    std::replace(words.begin(), words.end(), '-', ' ');
    html.number(static_cast<std::uint64_t>(count)).markup(" ").text(words);
  }
  html.markup(".</p>\n");
}

Download csv_of(const std::vector<Said>& models) {
  std::string out;
  append_csv_row(out, std::vector<std::string>{"model", "status", "since", "decision_entry",
                                               "certificates", "newest_listed_firmware"});
  for (const Said& model : models) {
    const auto decision = model["decision"].number();
    append_csv_row(out, std::vector<std::string>{
                            std::string(model["id"].text()), std::string(model["status"].text()),
                            std::string(model["effective_from"].text()),
                            decision ? std::to_string(*decision) : std::string(),
                            text_for_spreadsheet(ends_words(model["cover_ends"])),
                            std::string(model["newest_firmware"].text())});
  }
  return {"models.csv", "text/csv; charset=utf-8", std::move(out)};
}

// What of the ids is wrong, each by its own words.
void write_faults(HtmlWriter& html, const Error& error, const std::vector<std::string>& ids) {
  note_start(html, Tone::bad, "Not every line is the id of a model");
  html.markup("<ul>\n");
  for (const Fault& fault : error.faults) {
    const auto at =
        from_decimal(std::string_view(fault.pointer)
                         .substr(std::min(fault.pointer.rfind('/') + 1, fault.pointer.size())));
    html.markup("<li>");
    if (at && *at < ids.size()) html.markup("<code>").text(ids[*at]).markup("</code>: ");
    html.text(fault.detail).markup("</li>\n");
  }
  if (error.faults.empty()) html.markup("<li>").text(error.detail).markup("</li>\n");
  html.markup("</ul>\n");
  note_end(html);
}

}  // namespace

Result<Page> lookup_page(const PageRequest& request, const PageSource& source) {
  const std::string_view text = request.asked("ids");
  const auto ids = pasted_words(text);
  Page page{.title = "Look up a list of your own",
            .main = {},
            .section = Section::list,
            .crumbs = {{"The list", Href("/models")}}};
  HtmlWriter& html = page.main;
  html.element("h1", page.title);
  html.element("p", "Paste the models that you have, and see which of them may be used.");
  if (ids.size() > ids_max) {
    return Error{Errc::too_large, "too-many-models",
                 "These are " + grouped(ids.size()) + " models; 1,000 can be looked up at once."};
  }
  if (request.is_sent && !ids.empty()) {
    const auto json = source.ask(Href("/v1/models/lookup"), {{"ids", ids}});
    if (!json) {
      if (json.error().errc != Errc::invalid) return json.error();
      write_faults(html, json.error(), ids);
    } else {
      const auto models = Said(*json)["models"].items();
      if (request.asked("as") == "csv") page.download = csv_of(models);
      write_counts(html, models);
      write_standings(html, models);
    }
  } else if (request.is_sent) {
    note_start(html, Tone::warn, "Nothing to look up");
    html.element("p", "Paste at least one model's id.");
    note_end(html);
  }
  write_lookup_form(html, text, request.form_key);
  return page;
}

}  // namespace cpl
