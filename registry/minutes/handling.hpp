// What minutes say of their own handling: confidential, or a draft.
//
// A false alarm costs a look; a miss publishes what is confidential, for ever.
#pragma once

#include <string_view>

namespace cpl {

// Of a title, a line of the heading, a running line or a mark across the page.
bool is_marked_confidential(std::string_view line);
bool is_marked_draft(std::string_view line);

// Of the text of an item: see "Confidential" in the grammar (minutes.hpp).
bool says_confidential(std::string_view text);

}  // namespace cpl
