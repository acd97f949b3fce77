// A store whose machine can lose power: what was committed since the last sync is lost from some
// commit on. A commit may fail before or after it took effect.
#pragma once

#include <map>

#include "registry/store/store.hpp"

namespace cpl::testing {

class MortalStore final : public Store {
 public:
  enum class Fault : std::uint8_t { none, not_done, done_unknown };

  std::shared_ptr<const StoreView> snapshot() const override {
    return std::make_shared<View>(current_);
  }

  Result<void> commit(const WriteBatch& batch, Durability durability) override {
    const Fault fault = std::exchange(next_fault, Fault::none);
    if (fault == Fault::not_done) return failed(Errc::unavailable);
    apply(batch, current_);
    if (durability == Durability::synced) {
      synced_ = current_;
      since_.clear();
    } else {
      since_.push_back(batch);
    }
    if (fault == Fault::done_unknown) return failed(Errc::indeterminate);
    return {};
  }

  // Of the commits since the last sync this many survive.
  void lose_power(std::size_t survive) {
    for (std::size_t i = 0; i < std::min(survive, since_.size()); ++i) apply(since_[i], synced_);
    since_.clear();
    current_ = synced_;
  }
  std::size_t unsynced() const { return since_.size(); }

  Fault next_fault = Fault::none;

 private:
  using Rows = std::map<Bytes, Bytes, std::less<>>;

  class View final : public StoreView {
   public:
    explicit View(Rows rows) : rows_(std::move(rows)) {}
    Result<std::optional<Bytes>> get(BytesView key) const override {
      const auto found = rows_.find(key);
      if (found == rows_.end()) return std::optional<Bytes>();
      return std::optional(found->second);
    }
    Result<std::vector<KeyValue>> scan(BytesView from, BytesView to,
                                       std::size_t count_max) const override {
      std::vector<KeyValue> found;
      for (auto at = rows_.lower_bound(from);
           at != rows_.end() && at->first < to && found.size() < count_max; ++at) {
        found.push_back({at->first, at->second});
      }
      return found;
    }

   private:
    const Rows rows_;
  };

  static Error failed(Errc errc) {
    return Error{errc, "store-failed", "a fault of the simulation"};
  }
  static void apply(const WriteBatch& batch, Rows& rows) {
    for (const KeyValue& put : batch.puts) rows.insert_or_assign(put.key, put.value);
    for (const Bytes& key : batch.deletes) rows.erase(key);
  }

  Rows current_;
  Rows synced_;
  std::vector<WriteBatch> since_;
};

}  // namespace cpl::testing
