// A Store in memory that keeps every version, so that snapshots cost nothing. For tests, the
// simulator and replays that need no disk.
#pragma once

#include <map>
#include <mutex>

#include "registry/store/store.hpp"

namespace cpl {

class MemoryStore : public Store {
 public:
  std::shared_ptr<const StoreView> snapshot() const override;
  Result<void> commit(const WriteBatch& batch, Durability durability) override;

 private:
  class View;
  struct Versions {
    mutable std::mutex mutex;
    // By key, then by the number of the commit that wrote it; nullopt where it was deleted.
    std::map<Bytes, std::map<std::uint64_t, std::optional<Bytes>>, std::less<>> keys;
    std::uint64_t commits = 0;
  };

  std::shared_ptr<Versions> versions_ = std::make_shared<Versions>();
};

}  // namespace cpl
