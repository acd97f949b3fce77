// A statement as whoever is to sign it must see it: made from the octets that are signed, and never
// from a letter that came with them.
#pragma once

#include "api/html/parts.hpp"
#include "tools/cpl/statement_review.hpp"

namespace cpl {

// "a decision of the SEC Panel", by the kind of statement.
std::string kind_in_words(const Statement& statement);

// "2 of 3 Panel signatures", met or not, and who they are of.
void write_signatures(HtmlWriter& html, const StatementReview& review);

// What it says: the words of a decision first, then everything, its sealed texts where they are
// beside it, and all of it to the letter.
Result<void> write_review(HtmlWriter& html, const StatementReview& review);

}  // namespace cpl
