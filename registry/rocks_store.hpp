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
};

}  // namespace cpl
