#include "registry/upkeep/backup.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"
#include "registry/base/durable_file.hpp"
#include "registry/log/log_keys.hpp"
#include "registry/log/signed_size.hpp"
#include "registry/store/rocks_store.hpp"
#include "registry/upkeep/log_replay.hpp"

namespace cpl {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view format_name = "cpl/backup/v1";
constexpr const char* store_name = "store";
// Files beside the database that anybody may have: they can be checked against the log.
constexpr std::array<const char*, 2> public_folders = {"extracts", "deployed"};
constexpr const char* signed_size_name = "signed-size";
constexpr const char* info_name = "backup.json";
constexpr std::size_t info_size_max = 4096;

Error file_error(const fs::path& path, const std::error_code& error) {
  return Error{Errc::unavailable, "backup-failed", path.string() + ": " + error.message()};
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    return Error{Errc::conflict, "folder-in-use",
                 folder.string() + " is there already: name a folder that is not"};
  }
  fs::create_directories(folder, error);
  if (error) return file_error(folder, error);
  return {};
}

// What a backup has besides the database. Not the openings of sealed texts: what is destroyed must
// stay so. Nor what was salvaged from a damaged database.
Result<void> copy_public(const fs::path& from, const fs::path& to) {
  for (const char* const name : public_folders) {
    std::error_code error;
    if (!fs::exists(from / name, error) && !error) continue;
    if (!error) fs::copy(from / name, to / name, fs::copy_options::recursive, error);
    if (error) return file_error(from / name, error);
  }
  return {};
}

Bytes format_backup(const Backup& backup) {
  const Json json = {{"format", format_name},
                     {"origin", backup.origin},
                     {"size", backup.size.value},
                     {"root", to_base64(backup.root)},
                     {"time", format_time(backup.time)}};
  return json.dump(1) + "\n";
}

Result<Backup> parse_backup(BytesView text) {
  const Json json = TRY(parse_json(text));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  if (reader.text("format", 64) != format_name) reader.fail("format", "must be \"cpl/backup/v1\"");
  Backup backup{reader.text("origin", 255), TreeSize{reader.integer("size", 0, json_integer_max)},
                hash_from_base64(reader.text("root", 64)).value_or(Hash{}), reader.time("time")};
  reader.done();
  if (!errors.empty()) return malformed("backup-malformed", describe(errors));
  return backup;
}

Result<Hash> root_at(const StoreView& store, TreeSize size) {
  const TileNodes nodes(size, [&](const TileId& id) -> Result<Bytes> {
    const auto tile = TRY(store.get(store_keys::tile(id.level, id.index)));
    if (!tile) return corrupt(tile_path(id) + " is missing");
    return *tile;
  });
  return merkle_root(nodes, size);
}

// Brings the restored database up to the newest checkpoint, and holds it against that.
Result<TreeSize> catch_up(const Backup& backup, Store& store, const RestoreOptions& options) {
  const Checkpoint& newest = options.newest;
  if (newest.size > backup.size) {
    if (!options.fetch) {
      return Error{Errc::conflict, "backup-behind",
                   "the backup has " + std::to_string(backup.size.value) +
                       " entries, the newest checkpoint covers " +
                       std::to_string(newest.size.value) +
                       ": name a copy of the log (a mirror, say) to take the others from"};
    }
    TRY_VOID(replay_log(options.fetch, backup.origin, newest.size, store,
                        {options.threads, options.on_progress}));
  }
  if (TRY(root_at(*store.snapshot(), newest.size)) != newest.root) {
    return Error{Errc::conflict, "history-differs",
                 "the backup is not of the log that the newest checkpoint was signed over"};
  }
  return std::max(newest.size, backup.size);
}

Result<void> restore_into(const fs::path& folder, const fs::path& from, const Backup& backup,
                          const RestoreOptions& options) {
  std::error_code error;
  TRY_VOID(make_folder(folder));
  fs::copy(from / store_name, folder / store_name, fs::copy_options::recursive, error);
  if (error) return file_error(from / store_name, error);
  TRY_VOID(copy_public(from, folder));
  const auto store = TRY(RocksStore::open({folder / store_name, IfMissing::fail}));
  const TreeSize size = TRY(catch_up(backup, *store, options));
  const auto record = TRY(open_signed_size_file(folder / signed_size_name, backup.origin));
  const Hash root = TRY(root_at(*store->snapshot(), size));
  TRY_VOID(record->advance({size, root}));
  TRY_VOID(store->commit({}, Durability::synced));
  return sync_file_system(folder);
}

// The copy may have more entries than the view by now; never fewer. What says that the folder is a
// backup comes last, when all else is on disk.
Result<void> fill_backup(const Store& store, const fs::path& data_dir, const fs::path& into,
                         const Backup& backup) {
  TRY_VOID(copy_public(data_dir, into));
  TRY_VOID(RocksStore::save_copy(store, into / store_name));
  TRY_VOID(sync_file_system(into));
  return replace_durably(into / info_name, format_backup(backup));
}

bool is_inside(const fs::path& path, const fs::path& folder) {
  std::error_code ignored;
  const fs::path inner = fs::weakly_canonical(path, ignored);
  const fs::path outer = fs::weakly_canonical(folder, ignored);
  const auto [in, out] = std::mismatch(inner.begin(), inner.end(), outer.begin(), outer.end());
  return out == outer.end();
}

}  // namespace

Result<Backup> make_backup(const Store& store, const LogView& log, const fs::path& data_dir,
                           const fs::path& into, UnixMillis now) {
  if (!store.is_writable()) {
    return Error{
        Errc::unavailable, "store-read-only",
        "the database is damaged and open for reading only, so no backup can be made of it"};
  }
  if (is_inside(into, data_dir)) {
    return malformed(
        "backup-inside-data",
        into.string() + " is inside " + data_dir.string() +
            ": a backup there would include the earlier ones and be lost with the data");
  }
  TRY_VOID(make_folder(into));
  const Backup backup{log.checkpoint().origin, log.size(), log.checkpoint().root, now};
  const auto made = fill_backup(store, data_dir, into, backup);
  if (made) return backup;
  std::error_code ignored;
  fs::remove_all(into, ignored);
  return made.error();
}

Result<Backup> read_backup(const fs::path& folder) {
  const auto text = TRY(read_if_there(folder / info_name, info_size_max));
  if (!text) {
    return Error{
        Errc::not_found, "backup-not-found",
        folder.string() + " is not a finished backup: it has no " + std::string(info_name)};
  }
  auto backup = parse_backup(*text);
  if (!backup) return within((folder / info_name).string(), backup.error());
  return backup;
}

bool is_backup(const fs::path& folder) {
  std::error_code none;
  return fs::exists(folder / info_name, none);
}

Result<Backup> restore_backup(const fs::path& from, const fs::path& data_dir,
                              const RestoreOptions& options) {
  const Backup backup = TRY(read_backup(from));
  if (backup.origin != options.newest.origin) {
    return malformed("origin-mismatch", "the backup is of \"" + backup.origin +
                                            "\", the checkpoint of \"" + options.newest.origin +
                                            "\"");
  }
  std::error_code error;
  if (fs::exists(data_dir, error)) TRY_VOID(make_folder(data_dir));  // It may be there, but empty.
  fs::path beside = data_dir;
  beside += ".restoring";
  fs::remove_all(beside, error);
  const auto restored = restore_into(beside, from, backup, options);
  if (restored) {
    fs::remove(data_dir, error);
    fs::rename(beside, data_dir, error);
    if (!error) {
      TRY_VOID(sync_folder(fs::absolute(data_dir).parent_path()));
      return backup;
    }
  }
  std::error_code ignored;
  fs::remove_all(beside, ignored);
  if (!restored) return restored.error();
  return file_error(data_dir, error);
}

}  // namespace cpl
