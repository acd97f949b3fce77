// What a removal leaves devices with, shown to whoever reads or signs it (domain rule B22).
#pragma once

#include "api/pages/page_source.hpp"

namespace cpl {

// Were all of these models removed. Held to what was asked: an answer about other models, or in
// another order, is `evidence-mismatch`.
Result<Json> ask_impact(const PageSource& source, const std::vector<std::string>& ids);

// The listed models of the answer whose devices would have no firmware to be upgraded to.
std::vector<std::string> without_successor(const Json& impact);

// A table with a row for each model.
void write_impact(HtmlWriter& html, const Json& impact);
// The same under its heading, asked for; where it cannot be told, why. Nothing where none of the
// models is on the list any more.
void write_impact_section(HtmlWriter& html, const PageSource& source,
                          const std::vector<std::string>& ids);

}  // namespace cpl
