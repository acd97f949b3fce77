// Words of others in a Markdown document (CommonMark, with GFM's tables): they stay words.
#pragma once

#include <string>
#include <string_view>

namespace cpl {

// For a cell of a table, or within a line: one line, in which nothing begins a link, an image, a
// tag, an entity or emphasis, and nothing ends the cell.
std::string markdown_text(std::string_view text);

}  // namespace cpl
