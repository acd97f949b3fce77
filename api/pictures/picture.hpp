// Pictures as SVG with classes alone, so that dark mode, print and forced colours reach into them.
// A picture says nothing that does not stand beside it in words, and holds no links.
#pragma once

#include "api/html/html_writer.hpp"

namespace cpl {

// Begins the picture: 1000 wide, with its name and the sentence that a person would say of it.
void picture_start(HtmlWriter& html, HtmlWriter::Markup id, int height, std::string_view title,
                   std::string_view sentence);
void picture_end(HtmlWriter& html, std::string_view caption);

struct Box {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};
void write_rect(HtmlWriter& html, HtmlWriter::Markup kind, const Box& box);
// `kind` are classes: "s" small, "b" bold, "c" centred, "m" muted.
void write_label(HtmlWriter& html, HtmlWriter::Markup kind, int x, int y, std::string_view words);
// A line from left to right with a tip at its end.
void write_arrow(HtmlWriter& html, bool is_open, int from_x, int to_x, int y);

// The first so many characters, with an ellipsis where there are more.
std::string shortened(std::string_view text, std::size_t characters_max);

}  // namespace cpl
