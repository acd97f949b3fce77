#include "registry/list/list.hpp"

namespace cpl {
namespace {

template <class Map, class Key>
std::optional<typename Map::mapped_type> find_in(const Map& map, const Key& key) {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::string to_string(DecisionStanding standing) { return std::string(word_of(standing)); }
std::string to_string(NoticeState state) { return std::string(word_of(state)); }

bool is_over(NoticeState state) {
  return state == NoticeState::rejected || state == NoticeState::applied ||
         state == NoticeState::withdrawn;
}

std::shared_ptr<const CharterRecord> MemoryList::charter() const {
  return charter_ == nullptr && base_ != nullptr ? base_->charter() : charter_;
}

Result<std::optional<ModelRecord>> MemoryList::model(const ModelId& id) const {
  auto record = find_in(models_, id);
  if (!record && base_ != nullptr) return base_->model(id);
  return record;
}

Result<std::optional<DecisionRecord>> MemoryList::decision(EntryIndex entry) const {
  auto record = find_in(decisions_, entry);
  if (!record && base_ != nullptr) return base_->decision(entry);
  return record;
}

Result<std::optional<MeetingRecord>> MemoryList::meeting(const MeetingRef& ref) const {
  auto record = find_in(meetings_, ref);
  if (!record && base_ != nullptr) return base_->meeting(ref);
  return record;
}

Result<std::optional<NoticeRecord>> MemoryList::notice(EntryIndex entry) const {
  auto record = find_in(notices_, entry);
  if (!record && base_ != nullptr) return base_->notice(entry);
  return record;
}

Result<std::optional<SealRecord>> MemoryList::seals(EntryIndex entry) const {
  auto record = find_in(seals_, entry);
  if (!record && base_ != nullptr) return base_->seals(entry);
  return record;
}

Result<std::optional<WorkRecord>> MemoryList::work(const WorkKey& key) const {
  auto record = find_in(work_, key);
  if (!record && base_ != nullptr) return base_->work(key);
  return record;
}

void MemoryList::put(const Change& change) {
  if (change.charter != nullptr) charter_ = change.charter;
  for (const auto& record : change.models) models_.insert_or_assign(record.model.id(), record);
  for (const auto& record : change.decisions) decisions_.insert_or_assign(record.entry, record);
  for (const auto& record : change.meetings) meetings_.insert_or_assign(record.meeting, record);
  for (const auto& record : change.notices) notices_.insert_or_assign(record.entry, record);
  for (const auto& record : change.seals) seals_.insert_or_assign(record.entry, record);
  for (const auto& record : change.work) work_.insert_or_assign(key_of(record), record);
}

}  // namespace cpl
