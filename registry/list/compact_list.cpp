#include "registry/list/compact_list.hpp"

#include "registry/list/state_record.hpp"

namespace cpl {

ModelRecord record_of(const ModelId& id, const CompactRecord& compact) {
  ModelRecord record = record_of_id(id);
  record.status = compact.status;
  record.added = compact.added;
  record.changed_at = compact.changed_at;
  record.effective_from = compact.effective_from;
  record.decision = compact.decision;
  record.notice = compact.notice;
  record.changed_before = compact.changed_before;
  record.status_word = compact.status_word;
  record.lapsed = compact.lapsed;
  record.digests = compact.digests;
  return record;
}

CompactRecord compact_of(const ModelRecord& record) {
  return {record.added,  record.changed_at, record.effective_from, record.decision,
          record.notice, record.status,     record.changed_before, record.status_word,
          record.lapsed, digests_of(record)};
}

CompactRecord CompactList::record_at(const Models::value_type& model) const {
  const auto& [id, kept] = model;
  CompactRecord record{
      kept.added, kept.changed_at, kept.effective_from, {}, {}, kept.status, {}, {},
      {},         kept.digests};
  const auto rest = rests_.find(id);
  if (rest == rests_.end()) return record;
  record.decision = rest->second.decision;
  record.notice = rest->second.notice;
  record.changed_before = rest->second.changed_before;
  record.status_word = rest->second.status_word;
  record.lapsed = rest->second.lapsed;
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
  const Kept kept{record.added, record.changed_at, record.effective_from, record.digests,
                  record.status};
  const auto [found, added] = models_.try_emplace(packed, kept);
  if (!added && found->second.status == ModelStatus::listed) --listed_;
  found->second = kept;
  if (record.status == ModelStatus::listed) ++listed_;
  // A model that has none of these has neither been removed nor lost a certificate.
  if (record.decision || record.notice || !record.lapsed.empty()) {
    rests_.insert_or_assign(packed, Rest{record.decision, record.notice, record.changed_before,
                                         record.status_word, record.lapsed});
  } else {
    rests_.erase(packed);
  }
}

void CompactList::put(Change change) {
  for (const ModelRecord& record : change.models) {
    put(record.model.id(), compact_of(record));
  }
  change.models.clear();
  rest_.put(change);
}

}  // namespace cpl
