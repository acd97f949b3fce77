// The list with only what the rules and the state tree ask of a model, for replays of whole logs:
// an auditor's memory must not grow with every field of every record.
#pragma once

#include <functional>
#include <unordered_map>

#include "registry/list/list.hpp"
#include "registry/statement/packed_model_id.hpp"

namespace cpl {

// What is kept of a model beside its id.
struct CompactRecord {
  EntryIndex added;
  EntryIndex changed_at;
  UnixMillis effective_from;
  std::optional<EntryIndex> decision;
  std::optional<EntryIndex> notice;
  ModelStatus status{};
  std::optional<EntryIndex> changed_before{};
  std::optional<std::string> status_word{};
  std::map<CertificateKind, LapsedCertificate> lapsed{};
  ModelDigests digests{};
};

class CompactList final : public List {
 public:
  std::shared_ptr<const CharterRecord> charter() const override { return rest_.charter(); }
  // Of the device model, the identity and the hashes.
  Result<std::optional<ModelRecord>> model(const ModelId& id) const override;
  Result<std::optional<DecisionRecord>> decision(EntryIndex entry) const override {
    return rest_.decision(entry);
  }
  Result<std::optional<MeetingRecord>> meeting(const MeetingRef& ref) const override {
    return rest_.meeting(ref);
  }
  Result<std::optional<NoticeRecord>> notice(EntryIndex entry) const override {
    return rest_.notice(entry);
  }
  Result<std::optional<SealRecord>> seals(EntryIndex entry) const override {
    return rest_.seals(entry);
  }
  Result<std::optional<WorkRecord>> work(const WorkKey& key) const override {
    return rest_.work(key);
  }

  void put(Change change);
  void put(const ModelId& id, const CompactRecord& record);

  std::size_t listed_count() const { return listed_; }
  std::size_t removed_count() const { return models_.size() - listed_; }
  std::vector<std::pair<ModelId, CompactRecord>> removed() const;  // In no order.
  // By device type, then by the digits of the ids.
  void for_each_model(
      const std::function<void(const ModelId& id, const CompactRecord& record)>& visit) const;
  const std::map<EntryIndex, NoticeRecord>& notices() const { return rest_.notices(); }
  const std::map<EntryIndex, DecisionRecord>& decisions() const { return rest_.decisions(); }
  const MemoryList& rest() const { return rest_; }  // All but the models.

 private:
  // A million of these must fit into an auditor's machine: what few models have stands apart.
  struct Kept {
    EntryIndex added;
    EntryIndex changed_at;
    UnixMillis effective_from;
    ModelDigests digests;
    ModelStatus status{};
  };
  struct Rest {
    std::optional<EntryIndex> decision;
    std::optional<EntryIndex> notice;
    std::optional<EntryIndex> changed_before;
    std::optional<std::string> status_word;
    std::map<CertificateKind, LapsedCertificate> lapsed;
  };
  using Models = std::unordered_map<PackedModelId, Kept, HashOfModelId>;

  CompactRecord record_at(const Models::value_type& model) const;

  Models models_;
  std::map<PackedModelId, Rest> rests_;  // Of those that have any of it.
  std::size_t listed_ = 0;
  MemoryList rest_;
};

// The identity that the id tells, with what is kept beside it.
ModelRecord record_of(const ModelId& id, const CompactRecord& compact);
CompactRecord compact_of(const ModelRecord& record);

}  // namespace cpl
