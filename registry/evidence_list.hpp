// The list as far as evidence shows it, for the judge.
#pragma once

#include "registry/state_record.hpp"

namespace cpl {

// The subject exactly, from its own entries; a model that only stands beside it, such as a
// predecessor or another one of the same notice, as its id tells.
class EvidenceList final : public List {
 public:
  explicit EvidenceList(std::optional<ModelId> subject) : subject_(std::move(subject)) {}

  std::shared_ptr<const CharterRecord> charter() const override { return memory_.charter(); }
  Result<std::optional<ModelRecord>> model(const ModelId& id) const override {
    auto record = TRY(memory_.model(id));
    if (record || id == subject_) return record;
    return std::optional(record_of_id(id));
  }
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
  void put(const Change& change) { memory_.put(change); }

 private:
  std::optional<ModelId> subject_;
  MemoryList memory_;
};

}  // namespace cpl
