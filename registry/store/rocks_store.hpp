// The Store on RocksDB: embedded, the default.
#pragma once

#include <filesystem>
#include <functional>

#include "registry/store/store.hpp"

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

// What is wrong with a file of a database.
struct StoreFault {
  std::string code;    // file-missing, file-damaged, wal-missing, …
  std::string file;    // Its name, where it is one.
  std::string detail;  // A sentence.
};

enum class Depth : std::uint8_t {
  presence,  // Every file is there and as long as it should be.
  contents,  // And every octet is what was written.
};

// A database as it was found. Nothing of it was written to.
struct ExaminedStore {
  std::vector<StoreFault> faults;
  // What of it can be read, for reading only. Null where nothing can, and where there is none.
  std::unique_ptr<Store> store;
};

struct SalvagedStore {
  std::unique_ptr<Store> store;  // For reading only.
  bool is_whole = false;         // Every table could be read.
};

class RocksStore {
 public:
  // Refuses a database whose write-ahead log is damaged anywhere but at its torn end: opening with
  // what is left would roll published entries back in silence.
  static Result<std::unique_ptr<Store>> open(const RocksOptions& options);
  // To look at: a service may have it open at the same time, and may go on.
  static Result<std::unique_ptr<Store>> open_read_only(const RocksOptions& options);
  // RocksDB itself makes a new database where it finds none, drops what it does not know, and goes
  // on: a database is examined before it is opened for writing.
  static ExaminedStore examine(const RocksOptions& options, Depth depth);
  // What a database's tables and write-ahead log hold, whatever its MANIFEST says of them, or where
  // there is none. It is put together in the folder `into`, which is emptied first, must be on the
  // same file system, and then takes next to nothing; the database itself stays as it is.
  static Result<SalvagedStore> salvage(const RocksOptions& options,
                                       const std::filesystem::path& into);
  // Reads every octet of the files of an open store; `go_on` is asked between two of them. What is
  // only in the write-ahead log is not among them. The store must be one of these.
  static std::vector<StoreFault> check_contents(const Store& store,
                                                const std::function<bool()>& go_on);
  // A copy of an open store as it is now, in a folder that must not exist. Costs next to nothing
  // where both are on one file system. The store must be one of those above.
  static Result<void> save_copy(const Store& store, const std::filesystem::path& into);
};

}  // namespace cpl
