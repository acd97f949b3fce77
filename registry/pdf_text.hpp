// The text of a PDF, line by line as it stands on the page: words by their places, not by the order
// in which the file happens to draw them.
#pragma once

#include <string>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

inline constexpr int pdf_pages_max = 2000;

bool is_pdf(BytesView document);

// UTF-8. Pages begin with a form feed, except the first; an empty line stands where the distance of
// two lines is that of paragraphs; three spaces stand between columns. Upright text only: a
// watermark across the page is left out. Any thread.
Result<std::string> pdf_text(BytesView document);

}  // namespace cpl
