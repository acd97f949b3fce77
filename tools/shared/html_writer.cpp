#include "tools/shared/html_writer.hpp"

#include "crypto/plain_text.hpp"

namespace cpl {

HtmlWriter& HtmlWriter::markup(Markup literal) {
  html_.append(literal.text());
  return *this;
}

HtmlWriter& HtmlWriter::text(std::string_view text) {
  for (const char c : shown(text, "\n")) {
    if (c == '&') {
      html_ += "&amp;";
    } else if (c == '<') {
      html_ += "&lt;";
    } else if (c == '>') {
      html_ += "&gt;";
    } else if (c == '"') {
      html_ += "&quot;";
    } else if (c == '\'') {
      html_ += "&#39;";
    } else {
      html_ += c;
    }
  }
  return *this;
}

void HtmlWriter::table_start(std::string_view caption,
                             std::initializer_list<std::string_view> columns) {
  markup("<table>\n<caption>").text(caption).markup("</caption>\n<thead><tr>");
  for (const std::string_view column : columns) {
    markup("<th scope=\"col\">").text(column).markup("</th>");
  }
  markup("</tr></thead>\n<tbody>\n");
}

void HtmlWriter::row(std::initializer_list<std::string_view> cells) {
  markup("<tr>");
  bool is_heading = true;
  for (const std::string_view cell : cells) {
    if (is_heading) {
      markup("<th scope=\"row\">").text(cell).markup("</th>");
    } else {
      markup("<td>").text(cell).markup("</td>");
    }
    is_heading = false;
  }
  markup("</tr>\n");
}

void HtmlWriter::table_end() { markup("</tbody>\n</table>\n"); }

}  // namespace cpl
