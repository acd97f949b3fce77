#include "registry/query/removal_impact.hpp"

#include "registry/list/firmware.hpp"
#include "registry/query/cover_forecast.hpp"
#include "registry/query/upgrades.hpp"

namespace cpl {
namespace {

constexpr std::size_t kin_max = 200;
constexpr std::size_t records_read_max = 20'000;

class ImpactQuestion {
 public:
  ImpactQuestion(const StoredList& list, const std::vector<ModelId>& removed)
      : list_(list), removed_(removed.begin(), removed.end()) {}

  Result<RemovalImpact> of(const ModelId& id) {
    TRY_VOID(count(1));
    auto record = TRY(list_.model(id));
    RemovalImpact impact{id, std::move(record), {}, {}, {}};
    impact.successors = TRY(staying_successors(id));
    for (const ModelId& other : TRY(listed_of_hardware(id))) {
      if (!removed_.contains(other)) impact.same_hardware.push_back(other);
    }
    if (!impact.record) return impact;
    for (const ModelId& older : impact.record->model.predecessors) {
      if (TRY(loses_its_way_up(older))) impact.without_way_up.push_back(older);
    }
    return impact;
  }

 private:
  Result<void> count(std::size_t records) {
    read_ += records;
    if (read_ <= records_read_max) return {};
    return malformed("impact-too-large",
                     "these models have too much firmware beside them to be told at once: ask "
                     "about fewer");
  }

  Result<std::vector<ModelId>> staying_successors(const ModelId& id) {
    std::vector<ModelId> staying;
    const auto successors = TRY(successors_of(list_, id, kin_max));
    TRY_VOID(count(successors.size()));
    for (const ModelRecord& record : successors) {
      const ModelId successor = record.model.id();
      const bool stays = record.status == ModelStatus::listed && !removed_.contains(successor);
      if (stays) staying.push_back(successor);
    }
    return staying;
  }

  // A model that stays, and could be upgraded to one of those removed only.
  Result<bool> loses_its_way_up(const ModelId& id) {
    if (removed_.contains(id)) return false;
    const auto record = TRY(list_.model(id));
    TRY_VOID(count(1));
    if (!record || record->status != ModelStatus::listed) return false;
    return TRY(staying_successors(id)).empty();
  }

  // Read once for all models of one hardware: they are often removed together.
  Result<std::vector<ModelId>> listed_of_hardware(const ModelId& id) {
    const std::string hardware = hardware_of(id);
    if (const auto known = hardware_.find(hardware); known != hardware_.end()) {
      return known->second;
    }
    std::vector<ModelId> listed;
    const Upgrades upgrades = TRY(upgrades_of(list_, id, kin_max));
    TRY_VOID(count(upgrades.nodes.size()));
    for (const ModelRecord& node : upgrades.nodes) {
      if (node.status == ModelStatus::listed) listed.push_back(node.model.id());
    }
    return hardware_.emplace(hardware, std::move(listed)).first->second;
  }

  const StoredList& list_;
  const std::set<ModelId> removed_;
  std::map<std::string, std::vector<ModelId>> hardware_;
  std::size_t read_ = 0;
};

}  // namespace

Result<std::vector<RemovalImpact>> removal_impact(const StoredList& list,
                                                  const std::vector<ModelId>& removed) {
  ImpactQuestion question(list, removed);
  std::vector<RemovalImpact> impacts;
  impacts.reserve(removed.size());
  for (const ModelId& id : removed) impacts.push_back(TRY(question.of(id)));
  return impacts;
}

}  // namespace cpl
