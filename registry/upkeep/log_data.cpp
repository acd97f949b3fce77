#include "registry/upkeep/log_data.hpp"

#include "registry/base/durable_file.hpp"
#include "registry/upkeep/backup.hpp"
#include "registry/upkeep/damaged_store.hpp"

namespace cpl {
namespace {

namespace fs = std::filesystem;

std::string what_to_do(const fs::path& folder) {
  return "keep a copy of " + folder.string() + ", see what is lost by `cpl fsck " +
         folder.string() + "`, and restore: `cpl restore BACKUP " + folder.string() +
         " --checkpoint NEWEST --from MIRROR`, into an empty folder";
}

bool can_be_read(const StoreView& view, keyspace::Kind kind) {
  RowPages pages(view, kind);
  for (;;) {
    const auto rows = pages.next();
    if (!rows) return false;
    if (rows->empty()) return true;
  }
}

// What a service reads whole at its start: a damaged block in there must not be met after that.
bool can_be_read(const Store& store) {
  const auto view = store.snapshot();
  return std::all_of(keyspace::kinds.begin(), keyspace::kinds.end(), [&](const auto& facts) {
    return facts.read == keyspace::Read::when_asked || can_be_read(*view, facts.kind);
  });
}

// Whether a log was begun in the folder: its size is on record, or the database has an entry.
bool holds_log(const fs::path& folder, const std::string& origin) {
  const fs::path record = folder / "signed-size";
  std::error_code none;
  if (fs::file_size(record, none) > 0 && !none) {
    const auto recorded = read_signed_size_file(record, origin);
    if (!recorded || *recorded) return true;  // What is damaged, or cannot be read, was a log once.
  }
  const ExaminedStore found = RocksStore::examine({.path = folder / "store"}, Depth::presence);
  if (!found.store) return !found.faults.empty();
  const auto head = LogHead::read(*found.store->snapshot());
  return !head || head->size.value > 0;
}

// The signed-size record is in no backup, and a log without it could fork.
Result<void> check_restored(const fs::path& folder) {
  std::error_code none;
  if (!is_backup(folder) || fs::exists(folder / "signed-size", none)) return {};
  return refuse("backup-not-restored",
                folder.string() + " is a backup, not a log's data: `cpl restore " +
                    folder.string() +
                    " NEW_FOLDER --checkpoint NEWEST` makes a log's data of it; " +
                    "then set data_dir to NEW_FOLDER");
}

Result<void> check_begin(const fs::path& folder, Begin begin, const std::string& origin) {
  TRY_VOID(check_restored(folder));
  const bool is_there = holds_log(folder, origin);
  if (begin == Begin::new_log && is_there) {
    return refuse("log-exists", folder.string() +
                                    " holds a log already: start without --new-log, which begins "
                                    "a log where there is none");
  }
  if (begin == Begin::log_that_is_there && !is_there) {
    return Error{Errc::unavailable, "log-missing",
                 "there is no log in " + folder.string() +
                     ": is the volume mounted? To begin a log there, start once with --new-log"};
  }
  return {};
}

class LogOpening {
 public:
  LogOpening(const fs::path& folder, const Clock& clock, const NoteSigner& log_key,
             const std::string& origin, const NoteSigner* old_log_key)
      : folder_(folder),
        clock_(clock),
        log_key_(log_key),
        origin_(origin),
        old_log_key_(old_log_key) {}

  Result<LogData> run() {
    data_.signed_size = TRY(open_signed_size_file(folder_ / "signed-size", origin_));
    const RocksOptions options{.path = folder_ / "store"};
    ExaminedStore found = RocksStore::examine(options, Depth::presence);
    if (found.faults.empty() && found.store) {
      const auto opened = open_log(std::move(found.store));
      if (opened && data_.log->read_only_reason().empty() && can_be_read(*data_.store)) {
        return open_to_write(options);
      }
      // Something does not fit, though every file is there: it may be what is in them.
      found = RocksStore::examine(options, Depth::contents);
      if (found.faults.empty()) {  // What could not be read before is sound after all.
        if (opened && data_.log->read_only_reason().empty()) return open_to_write(options);
        if (!opened) TRY_VOID(open_without_head(std::move(found.store), opened.error()));
        if (data_.log->awaits_recovery()) await_writing(data_.log->read_only_reason());
        return std::move(data_);
      }
    }
    if (found.faults.empty()) return open_to_write(options);
    const std::string damage = damage_of(folder_, found.faults);
    close();
    TRY_VOID(open_damaged(options, std::move(found.store), damage));
    return std::move(data_);
  }

 private:
  Result<LogData> open_to_write(const RocksOptions& options) {
    close();
    std::error_code none_left;
    fs::remove_all(salvage_folder(), none_left);
    // RocksDB may end the process where it is opened and cannot write.
    if (const auto tried = try_to_write(folder_); !tried) {
      return open_without_writing(options, tried.error());
    }
    auto store = RocksStore::open(options);
    if (!store && store.error().errc == Errc::unavailable) {
      return open_without_writing(options, store.error());
    }
    TRY_VOID(open_log(TRY(std::move(store))));
    return std::move(data_);
  }

  Result<LogData> open_without_writing(const RocksOptions& options, const Error& why) {
    ExaminedStore found = RocksStore::examine(options, Depth::presence);
    if (!found.store) return why;
    TRY_VOID(open_log(std::move(found.store)));
    await_writing(why.detail);
    return std::move(data_);
  }

  void await_writing(const std::string& why) {
    data_.log->halt("write-failed", "the data cannot be written to at present (" + why +
                                        "): it is opened again when it can be");
    data_.awaits_writing = true;
  }

  void close() {
    data_.log.reset();
    data_.store.reset();
  }

  Result<void> open_log(std::unique_ptr<Store> store) {
    data_.log.reset();
    data_.store = std::move(store);
    data_.log =
        TRY(Log::open(*data_.store, *data_.signed_size, clock_, log_key_, origin_, old_log_key_));
    return {};
  }

  // A database can be whole, and its head altered all the same. Of other errors nothing is made.
  Result<void> open_without_head(std::unique_ptr<Store> store, const Error& why) {
    if (why.errc != Errc::corrupt) return why;
    return open_at_record(std::move(store), why.detail);
  }

  Result<void> open_at_record(std::unique_ptr<Store> store, std::string reason) {
    data_.log.reset();
    data_.store = std::move(store);
    data_.log = TRY(Log::open_at_record(*data_.store, *data_.signed_size, clock_, log_key_, origin_,
                                        std::move(reason)));
    return {};
  }

  // As it was last, if the log can tell from that where it ends; else what is left of it up to the
  // size on record. Never as it was before: a model that was removed since would pass for listed.
  Result<void> open_damaged(const RocksOptions& options, std::unique_ptr<Store> left,
                            const std::string& damage) {
    auto salvaged = RocksStore::salvage(options, salvage_folder());
    if (!left && !salvaged) return corrupt(salvaged.error().detail + "; " + damage);
    if (!left && salvaged->is_whole) left = std::move(salvaged->store);
    if (open_log(make_damaged_store(std::move(left),
                                    salvaged ? std::move(salvaged->store) : nullptr, damage))) {
      return {};
    }
    return open_at_record(std::move(data_.store), damage);
  }

  fs::path salvage_folder() const { return folder_ / "salvaged"; }

  const fs::path& folder_;
  const Clock& clock_;
  const NoteSigner& log_key_;
  const std::string& origin_;
  const NoteSigner* const old_log_key_;
  LogData data_;
};

}  // namespace

Result<void> try_to_write(const fs::path& folder) {
  constexpr std::size_t octets = std::size_t{4} << 20U;
  const fs::path tried = folder / "write-test";
  auto written = replace_durably(tried, Bytes(octets, '\0'), FileAccess::owner_only);
  std::error_code none_left;
  fs::remove(tried, none_left);
  return written;
}

std::string damage_of(const fs::path& folder, const std::vector<StoreFault>& faults) {
  std::string text;
  for (const StoreFault& fault : faults) text += fault.detail + "; ";
  return text + what_to_do(folder);
}

Result<LogData> open_log_data(const fs::path& folder, Begin begin, const Clock& clock,
                              const NoteSigner& log_key, const std::string& origin,
                              const NoteSigner* old_log_key) {
  TRY_VOID(check_begin(folder, begin, origin));
  return LogOpening(folder, clock, log_key, origin, old_log_key).run();
}

}  // namespace cpl
