// Which firmware of a model's hardware there is, and what may be upgraded to what.
#pragma once

#include "registry/log/log_view.hpp"

namespace cpl {

struct UpgradeEdge {
  ModelId from;  // A predecessor.
  ModelId to;
};

struct Upgrades {
  std::vector<ModelRecord> nodes;  // In order of id.
  std::vector<UpgradeEdge> edges;  // Between them.
  bool is_all = true;
};

Result<Upgrades> upgrades_of(const StoredList& list, const ModelId& id, std::size_t nodes_max);

}  // namespace cpl
