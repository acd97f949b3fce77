#include "api/html/html_writer.hpp"

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

HtmlWriter& HtmlWriter::number(std::uint64_t number) {
  html_ += grouped(number);
  return *this;
}

HtmlWriter& HtmlWriter::element(Markup name, std::string_view words) {
  html_.append("<").append(name.text()).append(">");
  text(words);
  html_.append("</").append(name.text()).append(">\n");
  return *this;
}

HtmlWriter& HtmlWriter::append(const HtmlWriter& other) {
  html_ += other.html_;
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

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

}  // namespace cpl
