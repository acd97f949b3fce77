// The Store on RocksDB: embedded, the default.
#pragma once

#include <filesystem>

#include "registry/store.hpp"

namespace rocksdb {
class Env;
}

namespace cpl {

enum class IfMissing : std::uint8_t { create, fail };

struct RocksOptions {
  std::filesystem::path path;
  IfMissing if_missing = IfMissing::create;
  std::size_t cache_bytes = 32U << 20U;
  rocksdb::Env* env = nullptr;  // Outlives the store; null for the operating system's.
};

class RocksStore {
 public:
  // Refuses a database whose write-ahead log is damaged anywhere but at its torn end: opening with
  // what is left would roll published entries back in silence.
  static Result<std::unique_ptr<Store>> open(const RocksOptions& options);
  // To look at: a service may have it open at the same time, and may go on.
  static Result<std::unique_ptr<Store>> open_read_only(const RocksOptions& options);
  // A copy of an open store as it is now, in a folder that must not exist. Costs next to nothing
  // where both are on one file system. The store must be one of those above.
  static Result<void> save_copy(const Store& store, const std::filesystem::path& into);
};

}  // namespace cpl
