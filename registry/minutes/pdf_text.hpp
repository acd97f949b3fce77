// The text of a PDF, line by line as it stands on the page: words by their places, not by the order
// in which the file happens to draw them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

inline constexpr int pdf_pages_max = 2000;

bool is_pdf(BytesView document);

// What was left out of the text, or is missing from it: a person must look at the page.
struct PdfRemark {
  std::size_t page = 0;  // From 1.
  std::string reason;
  std::string text;
};

// Of words at an angle, or large and across others.
inline constexpr std::string_view page_mark_reason = "a mark across the page";

struct PdfText {
  // UTF-8. Pages begin with a form feed, except the first; an empty line stands where the distance
  // of two lines is that of paragraphs; three spaces stand between columns.
  std::string text;
  // Marks across the page, footnotes and their raised marks, a column at the side, pages without
  // text; in the order of the pages.
  std::vector<PdfRemark> remarks;
};

// Any thread.
Result<PdfText> pdf_text(BytesView document);

}  // namespace cpl
