// What the removals of statements would leave devices with, told by the registry before anybody
// signs them (domain rule B22).
#pragma once

#include <set>

#include "registry/statement/statement.hpp"
#include "tools/cpl/cli.hpp"

namespace cpl {

// The models that a decision would let be removed, or that a notice or a removal takes off the
// list.
std::set<ModelId> models_removed_by(const StatementBody& body);

// Of all of them at once: what goes with a model is no successor of it.
struct ToldImpact {
  Json answer;                                 // As the registry gives it.
  std::vector<std::string> without_successor;  // Listed models whose devices have nowhere to go.
};
// Nothing where nothing is removed. Where no registry is named, or it cannot tell, standard error
// says that nobody knows.
std::optional<ToldImpact> ask_told_impact(const Cli& cli, const std::set<ModelId>& removed);

std::string impact_text(const ToldImpact& impact);

// Each model without a listed successor is named by whoever signs: in `named`, or at the terminal.
// Error `no-listed-successor` tells which are not.
Result<void> confirm_without_successor(const ToldImpact& impact,
                                       const std::vector<std::string>& named);

}  // namespace cpl
