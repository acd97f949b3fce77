#include "tests/support/memory_store.hpp"

namespace cpl {

class MemoryStore::View final : public StoreView {
 public:
  View(std::shared_ptr<Versions> versions, std::uint64_t commit)
      : versions_(std::move(versions)), commit_(commit) {}

  Result<std::optional<Bytes>> get(BytesView key) const override {
    const std::lock_guard lock(versions_->mutex);
    const auto found = versions_->keys.find(key);
    if (found == versions_->keys.end()) return std::optional<Bytes>();
    return at_commit(found->second);
  }

  Result<std::vector<KeyValue>> scan(BytesView from, BytesView to,
                                     std::size_t count_max) const override {
    const std::lock_guard lock(versions_->mutex);
    std::vector<KeyValue> found;
    for (auto at = versions_->keys.lower_bound(from);
         at != versions_->keys.end() && at->first < to && found.size() < count_max; ++at) {
      if (auto value = at_commit(at->second)) found.push_back({at->first, *std::move(value)});
    }
    return found;
  }

 private:
  std::optional<Bytes> at_commit(
      const std::map<std::uint64_t, std::optional<Bytes>>& versions) const {
    auto newer = versions.upper_bound(commit_);
    if (newer == versions.begin()) return std::nullopt;
    return std::prev(newer)->second;
  }

  std::shared_ptr<Versions> versions_;
  std::uint64_t commit_;
};

std::shared_ptr<const StoreView> MemoryStore::snapshot() const {
  const std::lock_guard lock(versions_->mutex);
  return std::make_shared<const View>(versions_, versions_->commits);
}

Result<void> MemoryStore::commit(const WriteBatch& batch, Durability) {
  const std::lock_guard lock(versions_->mutex);
  const std::uint64_t number = ++versions_->commits;
  for (const KeyValue& put : batch.puts) versions_->keys[put.key][number] = put.value;
  for (const Bytes& key : batch.deletes) versions_->keys[key][number] = std::nullopt;
  return {};
}

}  // namespace cpl
