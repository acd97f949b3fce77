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

CompactRecord CompactList::record_at(const Models::value_type& model) const {
  const auto& [id, kept] = model;
  CompactRecord record{kept.added, kept.changed_at, kept.effective_from, {}, {}, kept.status};
  const auto authority = authorities_.find(id);
  if (authority != authorities_.end()) {
    record.decision = authority->second.decision;
    record.notice = authority->second.notice;
  }
  return record;
}

Result<std::optional<ModelRecord>> CompactList::model(const ModelId& id) const {
  const auto found = models_.find(PackedModelId(id));
  if (found == models_.end()) return std::optional<ModelRecord>();
  return std::optional(record_of(id, record_at(*found)));
}

std::vector<std::pair<ModelId, CompactRecord>> CompactList::removed() const {
  std::vector<std::pair<ModelId, CompactRecord>> removed;
  for (const auto& model : models_) {
    if (model.second.status != ModelStatus::removed) continue;
    removed.emplace_back(model.first.unpacked(), record_at(model));
  }
  return removed;
}

void CompactList::for_each_model(
    const std::function<void(const ModelId& id, const CompactRecord& record)>& visit) const {
  std::vector<const Models::value_type*> in_order;
  in_order.reserve(models_.size());
  for (const auto& model : models_) in_order.push_back(&model);
  std::sort(in_order.begin(), in_order.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });
  for (const auto* model : in_order) visit(model->first.unpacked(), record_at(*model));
}

void CompactList::put(const ModelId& id, const CompactRecord& record) {
  const PackedModelId packed(id);
  const Kept kept{record.added, record.changed_at, record.effective_from, record.status};
  const auto [found, added] = models_.try_emplace(packed, kept);
  if (!added && found->second.status == ModelStatus::listed) --listed_;
  found->second = kept;
  if (record.status == ModelStatus::listed) ++listed_;
  if (record.decision || record.notice) {
    authorities_.insert_or_assign(packed, Authority{record.decision, record.notice});
  } else {
    authorities_.erase(packed);
  }
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
