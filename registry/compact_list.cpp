#include "registry/compact_list.hpp"

namespace cpl {

ModelRecord record_of_id(const ModelId& id) {
  ModelRecord record;
  record.model.device_type = id.device_type();
  record.model.manufacturer_id = id.manufacturer_id();
  record.model.model_id = id.device_model().substr(0, 4);
  record.model.hardware_version = id.device_model().substr(4);
  record.model.firmware_version = id.firmware_version();
  return record;
}

ModelRecord record_of(const ModelId& id, const CompactRecord& compact) {
  ModelRecord record = record_of_id(id);
  record.status = compact.status;
  record.added = compact.added;
  record.changed_at = compact.changed_at;
  record.effective_from = compact.effective_from;
  record.decision = compact.decision;
  record.notice = compact.notice;
  return record;
}

Result<std::optional<ModelRecord>> CompactList::model(const ModelId& id) const {
  const auto found = models_.find(id);
  if (found == models_.end()) return std::optional<ModelRecord>();
  return std::optional(record_of(id, found->second));
}

void CompactList::put(const ModelId& id, const CompactRecord& record) {
  const auto before = models_.find(id);
  if (before != models_.end() && before->second.status == ModelStatus::listed) --listed_;
  if (record.status == ModelStatus::listed) ++listed_;
  models_.insert_or_assign(id, record);
}

void CompactList::put(Change change) {
  for (const ModelRecord& record : change.models) {
    put(record.model.id(), CompactRecord{record.added, record.changed_at, record.effective_from,
                                         record.decision, record.notice, record.status});
  }
  change.models.clear();
  rest_.put(change);
}

}  // namespace cpl
