// Which entry a statement was made on: what its authority is, by its own words.
#pragma once

#include "registry/statement/statement.hpp"

namespace cpl {

// A removal and a receipt name the notice, and that names the decision; the others that need a
// decision name it themselves.
struct Cited {
  std::optional<EntryIndex> decision;
  std::optional<EntryIndex> notice;
};
Cited cited_by(const StatementBody& body);

}  // namespace cpl
