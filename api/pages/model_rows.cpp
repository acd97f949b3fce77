#include "api/pages/model_rows.hpp"

#include <algorithm>

namespace cpl {

std::string ends_words(Said ends) {
  std::vector<std::string> words;
  for (const Said& end : ends.items()) {
    std::string what(end["what"].text());
    std::replace(what.begin(), what.end(), '-', ' ');
    const auto day = Date::parse(end["date"].text());
    words.push_back(certificate_name(end["certificate"].text()) + " " + what + " " +
                    (day ? said_day(*day) : std::string()));
  }
  return joined(words);
}

void write_model_rows(HtmlWriter& html, const std::vector<Said>& models, bool has_ends) {
  std::vector<std::string_view> columns = {"Model", "State", "Manufacturer", "Firmware as printed",
                                           "Specification"};
  if (has_ends) columns.emplace_back("Certificates");
  Table table(html, "Models", columns);
  for (const Said& model : models) {
    write_model_link(table.cell(), model["id"].text());
    write_tag(table.cell(), model_state(model));
    write_said(table.cell(), model["manufacturer_name"].text());
    write_said(table.cell(), model["firmware_version_printed"].text());
    table.cell().text(model["ts"].text());
    if (has_ends) table.cell().text(ends_words(model["cover_ends"]));
  }
}

}  // namespace cpl
