// A database is looked at before it is written to: which of its files are missing, cut short or
// damaged, and what can be read of it all the same.
#include <rocksdb/db.h>
#include <rocksdb/sst_file_reader.h>

#include <fstream>
#include <set>

#include "registry/store/keyspace.hpp"
#include "registry/store/rocks_database.hpp"

namespace cpl {
namespace {

namespace fs = std::filesystem;

using Faults = std::vector<StoreFault>;

// The names in the database's folder, by what they are.
struct Files {
  std::set<std::string> manifests;
  std::set<std::string> tables;  // *.sst
  std::set<std::string> logs;    // *.log, the write-ahead log
  bool has_current = false;
  bool has_lock = false;  // Was opened for writing; a copy that RocksDB made was not.

  bool any() const { return has_current || !manifests.empty() || !tables.empty() || !logs.empty(); }
};

Files files_in(const fs::path& folder) {
  Files files;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(folder, error)) {
    const std::string name = file.path().filename().string();
    if (name == "CURRENT") files.has_current = true;
    if (name == "LOCK") files.has_lock = true;
    if (name.starts_with("MANIFEST-")) files.manifests.insert(name);
    if (file.path().extension() == ".sst") files.tables.insert(name);
    if (file.path().extension() == ".log") files.logs.insert(name);
  }
  return files;
}

std::string listed(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

class Examination {
 public:
  explicit Examination(const RocksOptions& options)
      : options_(options), files_(files_in(options.path)) {}

  ExaminedStore run(Depth depth) {
    if (!files_.any()) return {};
    if (!has_roots()) return {std::move(faults_), nullptr};
    std::shared_ptr<rocksdb::DB> db = open(How::strict);
    const rocksdb::Status strict = status_;
    if (!db) {
      db = open(How::lenient);
      if (!db) {
        find_file("file-damaged", current_manifest(), "is damaged: " + strict.ToString());
        return {std::move(faults_), nullptr};
      }
      find_missing_tables(*db);
    }
    if (depth == Depth::contents || !strict.ok()) find_damaged_tables(*db);
    find_unknown_tables(*db);
    find_missing_log();
    if (faults_.empty() && !strict.ok()) {  // What else is read on opening was looked at.
      find_log("wal-damaged", " (" + listed(files_.logs) + ") is damaged: " + strict.ToString());
    }
    return {std::move(faults_), make_rocks_store(std::move(db), Access::reading)};
  }

 private:
  enum class How : std::uint8_t { strict, lenient };

  // `what` follows the file's name.
  void find_file(std::string code, const std::string& file, const std::string& what) {
    faults_.push_back({std::move(code), file, "the database's file " + file + " " + what});
  }

  void find_log(std::string code, const std::string& what) {
    faults_.push_back({std::move(code), {}, "the database's write-ahead log" + what});
  }

  std::string current_manifest() const {
    std::ifstream current(options_.path / "CURRENT");
    std::string name;
    std::getline(current, name);
    return name;
  }

  // Without these RocksDB would begin a new database here, and delete the files of the old one.
  bool has_roots() {
    if (!files_.has_current) {
      find_file("file-missing", "CURRENT",
                files_.manifests.empty()
                    ? "is missing, and so is every MANIFEST: nothing says which of the other files "
                      "belong to the database"
                    : "is missing: in a copy of the folder, one line \"" +
                          *files_.manifests.rbegin() + "\" would be what it held");
      return false;
    }
    const std::string manifest = current_manifest();
    if (!manifest.starts_with("MANIFEST-")) {
      find_file("file-damaged", "CURRENT",
                "is damaged, or cannot be read: no MANIFEST is named in it");
    } else if (!files_.manifests.contains(manifest)) {
      find_file("file-missing", manifest, "is missing, which CURRENT names");
    }
    return faults_.empty();
  }

  std::shared_ptr<rocksdb::DB> open(How how) {
    rocksdb::Options options = rocks_options(options_);
    options.create_if_missing = false;
    if (how == How::lenient) {
      options.paranoid_checks = false;  // A file that is missing is met when it is read.
      options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
    }
    rocksdb::DB* db = nullptr;
    status_ = rocksdb::DB::OpenForReadOnly(options, options_.path.string(), &db);
    return std::shared_ptr<rocksdb::DB>(db);
  }

  void find_missing_tables(rocksdb::DB& db) {
    std::vector<rocksdb::LiveFileMetaData> tables;
    db.GetLiveFilesMetaData(&tables);
    for (const auto& table : tables) {
      const std::string& name = table.relative_filename;
      std::error_code missing;
      const auto size = fs::file_size(options_.path / name, missing);
      if (missing) {
        find_file("file-missing", name, "is missing");
      } else if (size != table.size) {
        find_file("file-damaged", name,
                  "has " + std::to_string(size) + " octets, and had " + std::to_string(table.size));
      }
    }
  }

  void find_damaged_tables(rocksdb::DB& db) {
    const auto store = make_rocks_store({std::shared_ptr<void>(), &db}, Access::reading);
    for (StoreFault& fault : RocksStore::check_contents(*store, [] { return true; })) {
      const auto is_of_it = [&](const StoreFault& known) { return known.file == fault.file; };
      if (std::none_of(faults_.begin(), faults_.end(), is_of_it)) faults_.push_back(fault);
    }
  }

  // A table that no MANIFEST names is what a crash leaves, but then its entries are elsewhere too.
  // If they are not, the MANIFEST has lost its end: opened for writing, RocksDB would delete it.
  void find_unknown_tables(rocksdb::DB& db) {
    std::vector<rocksdb::LiveFileMetaData> known;
    db.GetLiveFilesMetaData(&known);
    std::set<std::string> unknown = files_.tables;
    for (const auto& table : known) unknown.erase(table.relative_filename);
    for (const std::string& name : unknown) {
      const auto entry = entry_only_in(db, name);
      if (!entry) continue;
      find_file("manifest-damaged", name,
                "holds entry " + std::to_string(*entry) + ", and " + current_manifest() +
                    " does not name it: it was cut short");
    }
  }

  std::optional<std::uint64_t> entry_only_in(rocksdb::DB& db, const std::string& name) const {
    rocksdb::SstFileReader reader(rocks_options(options_));
    if (!reader.Open((options_.path / name).string()).ok()) return std::nullopt;  // Half written.
    const Bytes first = keyspace::entry(EntryIndex{0});
    const std::unique_ptr<rocksdb::Iterator> at(reader.NewIterator(rocksdb::ReadOptions()));
    for (at->Seek(first);
         at->Valid() && at->key().starts_with(keyspace::first(keyspace::Kind::entry)); at->Next()) {
      std::string value;
      if (db.Get(rocksdb::ReadOptions(), at->key(), &value).IsNotFound()) {
        return keyspace::last_number(at->key().ToStringView());
      }
    }
    return std::nullopt;
  }

  // A database that was open for writing has one always, if an empty one.
  void find_missing_log() {
    if (!files_.has_lock || files_.tables.empty() || !files_.logs.empty()) return;
    find_log("wal-missing", " (a file *.log) is missing");
  }

  const RocksOptions& options_;
  const Files files_;
  rocksdb::Status status_;
  Faults faults_;
};

}  // namespace

ExaminedStore RocksStore::examine(const RocksOptions& options, Depth depth) {
  return Examination(options).run(depth);
}

std::vector<StoreFault> RocksStore::check_contents(const Store& store,
                                                   const std::function<bool()>& go_on) {
  rocksdb::DB& db = database_of(store);
  const auto tables = [&] {
    std::vector<rocksdb::LiveFileMetaData> live;
    db.GetLiveFilesMetaData(&live);
    return live;
  };
  const auto is_live = [&](const std::string& name) {
    const auto live = tables();
    return std::any_of(live.begin(), live.end(),
                       [&](const auto& table) { return table.relative_filename == name; });
  };
  std::vector<StoreFault> faults;
  for (const auto& table : tables()) {
    if (!go_on()) return faults;
    const std::string& name = table.relative_filename;
    rocksdb::SstFileReader reader(db.GetOptions());
    auto status = reader.Open(table.directory + "/" + name);
    if (status.ok()) status = reader.VerifyChecksum();
    if (status.ok() || !is_live(name)) continue;  // Compacted away meanwhile.
    if (std::error_code error; fs::exists(table.directory + "/" + name, error)) {
      faults.push_back({"file-damaged", name,
                        "the database's file " + name + " is damaged: " + status.ToString()});
    } else {
      faults.push_back({"file-missing", name, "the database's file " + name + " is missing"});
    }
  }
  return faults;
}

}  // namespace cpl
