// A database has its values in its tables and its write-ahead log. They are read without the list
// of its files (CURRENT, MANIFEST), which may be gone, and without the tables that cannot be read.
#include <rocksdb/db.h>

#include "registry/store/rocks_database.hpp"

namespace cpl {
namespace {

namespace fs = std::filesystem;

bool holds_values(const fs::path& file) {
  return file.extension() == ".sst" || file.extension() == ".log";
}

// RocksDB moves and adds files where it repairs: it is given links, and the originals stay.
std::error_code link_files(const fs::path& from, const fs::path& into) {
  std::error_code error;
  fs::remove_all(into, error);
  if (!error) fs::create_directories(into, error);
  if (error) return error;
  for (const auto& file : fs::directory_iterator(from, error)) {
    if (!holds_values(file.path())) continue;
    fs::create_hard_link(file.path(), into / file.path().filename(), error);
    if (error) return error;
  }
  return error;
}

// RocksDB puts aside what it cannot read, and the logs that it has read.
bool has_lost_tables(const fs::path& folder) {
  std::error_code none;
  const fs::directory_iterator lost(folder / "lost", none);
  return std::any_of(begin(lost), end(lost),
                     [](const auto& file) { return file.path().extension() == ".sst"; });
}

}  // namespace

Result<SalvagedStore> RocksStore::salvage(const RocksOptions& options, const fs::path& into) {
  if (const auto error = link_files(options.path, into)) {
    return corrupt("nothing can be salvaged in " + into.string() + ": " + error.message());
  }
  rocksdb::Options rocks = rocks_options(options);
  rocks.create_if_missing = false;
  rocks.paranoid_checks = false;
  // Found without their levels, tables stand side by side, with numbers of writes that overlap.
  rocks.force_consistency_checks = false;
  auto status = rocksdb::RepairDB(into.string(), rocks);
  rocksdb::DB* opened = nullptr;
  if (status.ok()) status = rocksdb::DB::OpenForReadOnly(rocks, into.string(), &opened);
  if (!status.ok()) return corrupt("nothing can be salvaged: " + status.ToString());
  std::shared_ptr<rocksdb::DB> db(opened);
  std::vector<rocksdb::LiveFileMetaData> tables;
  db->GetLiveFilesMetaData(&tables);
  if (tables.empty()) return corrupt("nothing can be salvaged: no table can be read");
  return SalvagedStore{make_rocks_store(std::move(db), Access::reading), !has_lost_tables(into)};
}

}  // namespace cpl
