// The furniture of pages: what stands at their edges and is no part of the minutes' text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace cpl {

// A line as it stands on its page. `text` is trimmed and may be empty.
struct PageLine {
  std::size_t number = 0;
  std::size_t page = 0;
  std::size_t indent = 0;
  std::string_view text;
  bool furniture = false;
};

// Marks page numbers ("Page 3 of 9", "3" by itself at an edge), repeats of the minutes' own
// heading, and lines that the edges of several pages have in common, whatever their digits. A line
// that ends a sentence or begins a bullet, an action or a sentence of the body is never taken for
// furniture, nor one that names a Device Model.
void mark_page_furniture(std::vector<PageLine>& lines);

}  // namespace cpl
