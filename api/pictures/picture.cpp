#include "api/pictures/picture.hpp"

#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"

namespace cpl {
namespace {

HtmlWriter& write_number(HtmlWriter& html, int number) { return html.text(std::to_string(number)); }

}  // namespace

void picture_start(HtmlWriter& html, HtmlWriter::Markup id, int height, std::string_view title,
                   std::string_view sentence) {
  const std::string_view name = id.text();
  html.markup("<figure class=\"wide-only\"><svg class=\"pic\" viewBox=\"0 0 1000 ");
  write_number(html, height).markup("\" role=\"img\" aria-labelledby=\"").text(name);
  html.markup("-t ").text(name).markup("-d\"><title id=\"").text(name).markup("-t\">").text(title);
  html.markup("</title><desc id=\"").text(name).markup("-d\">").text(sentence).markup("</desc>");
}

void picture_end(HtmlWriter& html, std::string_view caption) {
  html.markup("</svg><figcaption>").text(caption).markup("</figcaption></figure>\n");
}

void write_rect(HtmlWriter& html, HtmlWriter::Markup kind, const Box& box) {
  html.markup("<rect class=\"").text(kind.text()).markup("\" x=\"");
  write_number(html, box.x).markup("\" y=\"");
  write_number(html, box.y).markup("\" width=\"");
  write_number(html, box.width).markup("\" height=\"");
  write_number(html, box.height).markup("\"/>");
}

void write_label(HtmlWriter& html, HtmlWriter::Markup kind, int x, int y, std::string_view words) {
  html.markup("<text class=\"").text(kind.text()).markup("\" x=\"");
  write_number(html, x).markup("\" y=\"");
  write_number(html, y).markup("\">").text(words).markup("</text>");
}

void write_arrow(HtmlWriter& html, bool is_open, int from_x, int to_x, int y) {
  constexpr int tip = 8;
  if (is_open) {
    html.markup("<path class=\"arrow open\" d=\"M");
  } else {
    html.markup("<path class=\"arrow\" d=\"M");
  }
  write_number(html, from_x).markup(" ");
  write_number(html, y).markup("H");
  write_number(html, to_x - tip).markup("\"/>");
  if (is_open) {
    html.markup("<path class=\"tip open\" d=\"M");
  } else {
    html.markup("<path class=\"tip\" d=\"M");
  }
  write_number(html, to_x).markup(" ");
  write_number(html, y).markup("l-10 -5.5v11z\"/>");
}

std::string shortened(std::string_view text, std::size_t characters_max) {
  std::string out;
  std::size_t count = 0;
  while (!text.empty()) {
    if (count++ == characters_max) return out + "\xE2\x80\xA6";
    const std::size_t size = std::max<std::size_t>(first_character(text).size, 1);
    out += text.substr(0, size);
    text.remove_prefix(std::min(size, text.size()));
  }
  return out;
}

}  // namespace cpl
