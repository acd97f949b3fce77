// The decisions of one item, in the order of the document, from bullets and running sentences
// alike.
#pragma once

#include <vector>

#include "registry/minutes/items.hpp"
#include "registry/minutes/minutes.hpp"

namespace cpl {

std::vector<OutlineDecision> read_decisions(const std::vector<MinutesBlock>& blocks,
                                            const MinutesBody& body,
                                            std::vector<OutlineUnplaced>& unplaced);

}  // namespace cpl
