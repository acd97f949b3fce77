#include "registry/query/upgrades.hpp"

#include "registry/list/firmware.hpp"

namespace cpl {

Result<Upgrades> upgrades_of(const StoredList& list, const ModelId& id, std::size_t nodes_max) {
  Upgrades upgrades;
  const std::string hardware = hardware_of(id);
  std::set<ModelId> known;
  for (ModelRecord& record : TRY(list.models_after(hardware, nodes_max + 1))) {
    ModelId node = record.model.id();
    if (!node.text().starts_with(hardware)) break;
    if (known.size() == nodes_max) {
      upgrades.is_all = false;
      break;
    }
    known.insert(std::move(node));
    upgrades.nodes.push_back(std::move(record));
  }
  for (const ModelRecord& node : upgrades.nodes) {
    for (const ModelId& predecessor : node.model.predecessors) {
      if (known.contains(predecessor)) upgrades.edges.push_back({predecessor, node.model.id()});
    }
  }
  return upgrades;
}

}  // namespace cpl
