#include "registry/evidence/evidence_list.hpp"

#include "registry/list/state_record.hpp"

namespace cpl {
namespace {

// What a later state tells of the model as it was before `entry`: a model's status alternates, and
// the state names the last two entries that changed it.
std::optional<ModelRecord> record_before(const ModelRecord& state, EntryIndex entry) {
  if (!(state.added < entry)) return std::nullopt;
  if (state.changed_at < entry) return state;
  ModelRecord record = record_of_id(state.model.id());
  record.digests = state.digests;
  record.lapsed = state.lapsed;
  record.added = state.added;
  record.changed_at = state.added;
  if (!state.changed_before || !(*state.changed_before < entry)) return record;
  record.changed_at = *state.changed_before;
  record.status = state.status == ModelStatus::removed ? ModelStatus::listed : ModelStatus::removed;
  return record;
}

}  // namespace

Result<std::optional<ModelRecord>> EvidenceList::model(const ModelId& id) const {
  auto record = TRY(memory_.model(id));
  if (record || id == subject_) return record;
  const auto known = states_.find(id);
  if (known == states_.end()) return std::optional(record_of_id(id));
  return known->second ? record_before(*known->second, entry_) : std::optional<ModelRecord>();
}

}  // namespace cpl
