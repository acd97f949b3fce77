// The list as a store holds it, at one point in time.
#pragma once

#include <functional>

#include "registry/log/model_index.hpp"

namespace cpl {

class StoredList final : public List {
 public:
  StoredList(std::shared_ptr<const StoreView> store, std::shared_ptr<const CharterRecord> charter)
      : store_(std::move(store)), charter_(std::move(charter)) {}

  std::shared_ptr<const CharterRecord> charter() const override { return charter_; }
  Result<std::optional<ModelRecord>> model(const ModelId& id) const override;
  Result<std::optional<DecisionRecord>> decision(EntryIndex entry) const override;
  Result<std::optional<MeetingRecord>> meeting(const MeetingRef& ref) const override;
  Result<std::optional<NoticeRecord>> notice(EntryIndex entry) const override;
  Result<std::optional<SealRecord>> seals(EntryIndex entry) const override;
  Result<std::optional<WorkRecord>> work(const WorkKey& key) const override;

  // In order of id, from the first after `after` (all where it is empty).
  Result<std::vector<ModelRecord>> models_after(std::string_view after,
                                                std::size_t count_max) const;
  // The next `window` models with from <= id < to (an empty `to` is beyond all), of which only
  // those are read whose octets in the store, the id before them, may be those of a wanted one:
  // reading is what costs.
  struct ModelScan {
    std::vector<ModelRecord> records;
    std::string last;  // The id that was looked at last; empty: there are no more.
    std::size_t scanned = 0;
  };
  using MayBeWanted = std::function<bool(BytesView stored)>;
  Result<ModelScan> scan_models(std::string_view from, std::string_view to, std::size_t window,
                                const MayBeWanted& may_be_wanted) const;
  // Newest first, from below `before`.
  Result<std::vector<NoticeRecord>> notices_before(std::optional<EntryIndex> before,
                                                   std::size_t count_max) const;
  Result<std::vector<DecisionRecord>> decisions_before(std::optional<EntryIndex> before,
                                                       std::size_t count_max) const;
  Result<std::vector<MeetingRecord>> meetings(std::size_t count_max) const;
  // All of a kind by rising name, from the first after `after` (all where it is empty).
  Result<std::vector<WorkRecord>> work_after(WorkKind kind, std::string_view after,
                                             std::size_t count_max) const;
  // Which meetings there are, without what was minuted.
  Result<std::vector<MeetingRef>> meeting_refs(std::size_t count_max) const;
  // The state record of the model as of a log of `size`; nullopt: never listed by then.
  Result<std::optional<Bytes>> state_at(const ModelId& id, TreeSize size) const;
  // Rows that lead to models by what is asked for most.
  ModelIndex index() const { return ModelIndex(*store_); }
  // The entries that concern the model, oldest first.
  Result<std::vector<EntryIndex>> history(const ModelId& id, std::size_t count_max) const;

 private:
  std::shared_ptr<const StoreView> store_;
  std::shared_ptr<const CharterRecord> charter_;
};

// Adds the records of a change to a batch, under the entry that made it.
void put_change(const Change& change, EntryIndex at, WriteBatch& batch);

}  // namespace cpl
