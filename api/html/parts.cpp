#include "api/html/parts.hpp"

#include <algorithm>

namespace cpl {
namespace {

// By the position in Tone.
void write_tone(HtmlWriter& html, Tone tone) {
  switch (tone) {
    case Tone::info:
      return;
    case Tone::good:
      html.markup(" good");
      return;
    case Tone::warn:
      html.markup(" warn");
      return;
    case Tone::bad:
      html.markup(" bad");
      return;
    case Tone::grey:
      html.markup(" grey");
      return;
  }
}

void write_day_part(HtmlWriter& html, std::string_view name, std::string_view label,
                    std::string_view value, bool is_long) {
  html.markup("<div><label for=\"").text(name).markup("\">").text(label).markup("</label>");
  html.markup("<input ");
  if (is_long) {
    html.markup("class=\"w4\" maxlength=\"4\"");
  } else {
    html.markup("class=\"w2\" maxlength=\"2\"");
  }
  html.markup(" id=\"").text(name).markup("\" name=\"").text(name);
  html.markup("\" type=\"text\" inputmode=\"numeric\" value=\"").text(value).markup("\"></div>");
}

}  // namespace

void write_tag(HtmlWriter& html, Tone tone, std::string_view words) {
  html.markup("<span class=\"tag");
  write_tone(html, tone);
  html.markup("\">").text(words).markup("</span>");
}

void note_start(HtmlWriter& html, Tone tone, std::string_view heading) {
  html.markup("<section class=\"note");
  write_tone(html, tone);
  html.markup("\">").element("h2", heading);
}

void note_end(HtmlWriter& html) { html.markup("</section>\n"); }

void write_model_link(HtmlWriter& html, std::string_view id) {
  html.markup("<a class=\"id\" href=\"").text(Href("/models").segment(id).text());
  html.markup("\">").text(id).markup("</a>");
}

void write_entry_link(HtmlWriter& html, std::uint64_t entry) {
  write_link(html, Href("/entries").segment(entry), std::to_string(entry));
}

void write_said(HtmlWriter& html, std::string_view words) {
  html.markup("<span class=\"said\">").text(words).markup("</span>");
}

void write_hash(HtmlWriter& html, std::string_view hash) {
  html.markup("<span class=\"hash\">").text(hash).markup("</span>");
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " and " : ", ";
    out += words[i];
  }
  return out;
}

Facts::Facts(HtmlWriter& html) : html_(html) { html_.markup("<dl class=\"facts\">\n"); }

Facts::~Facts() {
  if (is_open_) html_.markup("</dd>\n");
  html_.markup("</dl>\n");
}

HtmlWriter& Facts::fact(std::string_view name) {
  if (is_open_) html_.markup("</dd>\n");
  is_open_ = true;
  return html_.markup("<dt>").text(name).markup("</dt><dd>");
}

void Facts::fact(std::string_view name, std::string_view words) {
  if (!words.empty()) write_said(fact(name), words);
}

Table::Table(HtmlWriter& html, std::string_view caption, std::vector<std::string_view> columns)
    : html_(html), columns_(std::move(columns)) {
  html_.markup("<div class=\"scroll\"><table class=\"stack\"><caption>").text(caption);
  html_.markup("</caption><thead><tr>");
  for (const std::string_view column : columns_) {
    const bool is_number = column.starts_with('#');
    if (is_number) {
      html_.markup("<th scope=\"col\" class=\"num\">").text(column.substr(1));
    } else {
      html_.markup("<th scope=\"col\">").text(column);
    }
    html_.markup("</th>");
  }
  html_.markup("</tr></thead><tbody>\n");
}

Table::~Table() {
  end_cell();
  if (at_ > 0) html_.markup("</tr>\n");
  html_.markup("</tbody></table></div>\n");
}

void Table::end_cell() {
  if (!has_cell_) return;
  if (at_ == 1) {
    html_.markup("</th>");
  } else {
    html_.markup("</td>");
  }
  has_cell_ = false;
}

HtmlWriter& Table::cell() {
  end_cell();
  if (at_ == columns_.size()) {
    html_.markup("</tr>\n");
    at_ = 0;
  }
  const std::string_view column = columns_[at_++];
  has_cell_ = true;
  if (at_ == 1) return html_.markup("<tr><th scope=\"row\">");
  const bool is_number = column.starts_with('#');
  if (is_number) {
    html_.markup("<td class=\"num\" data-name=\"").text(column.substr(1));
  } else {
    html_.markup("<td data-name=\"").text(column);
  }
  return html_.markup("\">");
}

Steps::Steps(HtmlWriter& html) : html_(html) { html_.markup("<ol class=\"steps\">\n"); }

Steps::~Steps() {
  if (count_ > 0) html_.markup("</div></li>\n");
  html_.markup("</ol>\n");
}

void Steps::step(std::string_view name, bool is_open) {
  if (count_ > 0) html_.markup("</div></li>\n");
  ++count_;
  if (is_open) {
    html_.markup("<li class=\"open\">");
  } else {
    html_.markup("<li>");
  }
  html_.markup("<span class=\"at\" aria-hidden=\"true\">").number(count_).markup("</span><div>");
  html_.markup("<p><strong>").text(name).markup("</strong> ");
}

void checks_start(HtmlWriter& html) { html.markup("<ul class=\"checks\">\n"); }

void write_check(HtmlWriter& html, bool passed, std::string_view words) {
  if (passed) {
    html.markup("<li><span>");
  } else {
    html.markup("<li class=\"fails\"><span><span class=\"hidden\">fails: </span>");
  }
  html.text(words).markup("</span></li>\n");
}

void checks_end(HtmlWriter& html) { html.markup("</ul>\n"); }

void form_start(HtmlWriter& html, const Href& to, std::string_view key) {
  html.markup("<form action=\"").text(to.text()).markup("\" method=\"post\">\n");
  if (!key.empty()) write_hidden(html, "form", key);
}

void write_hidden(HtmlWriter& html, std::string_view name, std::string_view value) {
  html.markup("<input type=\"hidden\" name=\"").text(name).markup("\" value=\"").text(value);
  html.markup("\">\n");
}

void write_day_field(HtmlWriter& html, std::string_view question, const DayParts& given) {
  html.markup("<fieldset class=\"date\"><legend>").text(question).markup("</legend>");
  write_day_part(html, "day", "Day", given.day, false);
  write_day_part(html, "month", "Month", given.month, false);
  write_day_part(html, "year", "Year", given.year, true);
  html.markup("</fieldset>\n");
}

void write_select(HtmlWriter& html, std::string_view name, std::string_view label,
                  const std::vector<Choice>& choices, std::string_view chosen) {
  html.markup("<div><label for=\"").text(name).markup("\">").text(label);
  html.markup("</label><select id=\"").text(name).markup("\" name=\"").text(name).markup("\">");
  for (const Choice& choice : choices) {
    html.markup("<option value=\"").text(choice.value).markup("\"");
    if (choice.value == chosen) html.markup(" selected");
    html.markup(">").text(choice.words).markup("</option>");
  }
  html.markup("</select></div>\n");
}

void write_text_field(HtmlWriter& html, std::string_view name, std::string_view label,
                      std::string_view value, std::string_view hint) {
  html.markup("<div><label for=\"").text(name).markup("\">").text(label).markup("</label>");
  if (!hint.empty()) {
    html.markup("<span class=\"hint\" id=\"").text(name).markup("-hint\">").text(hint);
    html.markup("</span>");
  }
  html.markup("<input id=\"").text(name).markup("\" name=\"").text(name);
  html.markup("\" type=\"text\" spellcheck=\"false\" autocomplete=\"off\" value=\"").text(value);
  if (!hint.empty()) html.markup("\" aria-describedby=\"").text(name).markup("-hint");
  html.markup("\"></div>\n");
}

void write_text_area(HtmlWriter& html, std::string_view name, std::string_view label,
                     std::string_view value, std::string_view hint) {
  html.markup("<div><label for=\"").text(name).markup("\">").text(label).markup("</label>");
  html.markup("<span class=\"hint\" id=\"").text(name).markup("-hint\">").text(hint);
  html.markup("</span><textarea rows=\"8\" spellcheck=\"false\" id=\"").text(name);
  html.markup("\" name=\"").text(name).markup("\" aria-describedby=\"").text(name);
  // As a form sends its lines (CR LF), and not as a page has them.
  std::string lines(value);
  std::erase(lines, '\r');
  html.markup("-hint\">\n").text(lines).markup("</textarea></div>\n");
}

void write_file_field(HtmlWriter& html, std::string_view name, std::string_view label) {
  html.markup("<div><label for=\"").text(name).markup("\">").text(label).markup("</label>");
  html.markup("<input type=\"file\" id=\"").text(name).markup("\" name=\"").text(name);
  html.markup("\"></div>\n");
}

void choices_start(HtmlWriter& html, std::string_view legend) {
  html.markup("<fieldset class=\"choices\"><legend>").text(legend).markup("</legend>\n");
}

void write_checkbox(HtmlWriter& html, std::string_view name, std::string_view label,
                    bool is_ticked) {
  std::string id(name);
  std::replace(id.begin(), id.end(), '.', '_');
  html.markup("<div><input id=\"").text(id).markup("\" name=\"").text(name);
  html.markup("\" type=\"checkbox\" value=\"on\"");
  if (is_ticked) html.markup(" checked");
  html.markup("><label for=\"").text(id).markup("\">").text(label).markup("</label></div>\n");
}

void choices_end(HtmlWriter& html) { html.markup("</fieldset>\n"); }

void write_error_summary(HtmlWriter& html, const std::vector<FieldFault>& faults) {
  html.markup("<div class=\"note bad\" role=\"alert\">\n<h2>There is a problem</h2>\n<ul>\n");
  for (const FieldFault& fault : faults) {
    html.markup("<li><a href=\"#").text(fault.field).markup("\">").text(fault.words);
    html.markup("</a></li>\n");
  }
  html.markup("</ul>\n</div>\n");
}

void write_field_error(HtmlWriter& html, std::string_view field, std::string_view words) {
  html.markup("<span class=\"wrong\" id=\"").text(field).markup("-error\">");
  html.markup("<span class=\"hidden\">Error: </span>").text(words).markup("</span>");
}

void write_next(HtmlWriter& html, const std::optional<Href>& next, std::string_view words) {
  if (!next) return;
  html.markup("<nav class=\"pages\" aria-label=\"Pages of this list\"><p>");
  write_link(html, *next, words);
  html.markup("</p></nav>\n");
}

}  // namespace cpl
