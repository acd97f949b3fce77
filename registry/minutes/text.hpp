// The characters of minutes, made plain before anything is matched or hashed, so that a PDF, a text
// saved from it and words typed by hand agree.
#pragma once

#include <string>
#include <string_view>

namespace cpl {

// Takes well-formed UTF-8. A space for each no-break, thin or otherwise odd space; three for a tab,
// which begins a column; '-' for the hyphens of Unicode, and for dashes inside model ids; letters
// for ligatures. What is not to be seen (soft hyphens, zero-width and direction marks) vanishes; a
// soft hyphen at the end of a line stays, because it says how the lines are joined. Lines keep
// their numbers.
std::string tidy_minutes_text(std::string_view text);

}  // namespace cpl
