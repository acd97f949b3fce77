// The list as far as evidence shows it, for the judge.
#pragma once

#include "registry/list/list.hpp"

namespace cpl {

// The subject exactly, from its own entries. Another model, such as one more of the same notice, as
// its proven state tells; one without, such as a predecessor, as its id tells.
class EvidenceList final : public List {
 public:
  explicit EvidenceList(std::optional<ModelId> subject) : subject_(std::move(subject)) {}

  // The state as of the size in question; none where the model was never listed.
  void know(const ModelId& id, std::optional<ModelRecord> state) {
    states_.insert_or_assign(id, std::move(state));
  }
  // The entry that is judged next: models are told as they were before it.
  void go_to(EntryIndex entry) { entry_ = entry; }

  std::shared_ptr<const CharterRecord> charter() const override { return memory_.charter(); }
  Result<std::optional<ModelRecord>> model(const ModelId& id) const override;
  Result<std::optional<DecisionRecord>> decision(EntryIndex entry) const override {
    return memory_.decision(entry);
  }
  Result<std::optional<MeetingRecord>> meeting(const MeetingRef& ref) const override {
    return memory_.meeting(ref);
  }
  Result<std::optional<NoticeRecord>> notice(EntryIndex entry) const override {
    return memory_.notice(entry);
  }
  Result<std::optional<SealRecord>> seals(EntryIndex entry) const override {
    return memory_.seals(entry);
  }
  Result<std::optional<WorkRecord>> work(const WorkKey& key) const override {
    return memory_.work(key);
  }
  void put(const Change& change) { memory_.put(change); }

 private:
  std::optional<ModelId> subject_;
  std::map<ModelId, std::optional<ModelRecord>> states_;
  EntryIndex entry_;
  MemoryList memory_;
};

}  // namespace cpl
