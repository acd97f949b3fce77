// The organisations that minutes admit as Parties: a list that a sentence of an item announces,
// "… would be admitted as Parties to the SEC …:", each with its category in brackets.
#pragma once

#include <vector>

#include "registry/minutes/items.hpp"
#include "registry/minutes/minutes.hpp"

namespace cpl {

// An entry of such a list without a category is reported, and not taken.
std::vector<OutlineAdmission> read_admissions(const std::vector<MinutesBlock>& blocks,
                                              std::vector<OutlineUnplaced>& unplaced);

}  // namespace cpl
