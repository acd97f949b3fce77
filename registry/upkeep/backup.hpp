// Backups: a copy of the database at one moment, made while the service runs, with the published
// extracts, and what it takes to bring one back. A backup is behind the log that went on after it:
// the checkpoint that others hold says how far, and the entries that are missing come from a copy
// of the log. The signed-size record is not part of a backup: an old one would let a log fork.
// Neither are the openings of sealed texts: what is destroyed must not come back.
#pragma once

#include <filesystem>

#include "registry/audit/audit.hpp"
#include "registry/log/log_view.hpp"

namespace cpl {

struct Backup {
  std::string origin;
  TreeSize size;
  Hash root;
  UnixMillis time;  // When it was made.
};

// Writes the folder `into`, which must not exist, nor be inside `data_dir`, the service's. All of
// it or nothing.
Result<Backup> make_backup(const Store& store, const LogView& log,
                           const std::filesystem::path& data_dir, const std::filesystem::path& into,
                           UnixMillis now);
Result<Backup> read_backup(const std::filesystem::path& folder);
// Whether the folder says that it is one.
bool is_backup(const std::filesystem::path& folder);

struct RestoreOptions {
  Checkpoint newest;  // The newest checkpoint that anybody holds, trusted.
  // Brings the entry bundles of a copy of the log; empty where the backup lacks none.
  FetchResource fetch;
  unsigned threads = 1;
  OnProgress on_progress{};
};

// Makes the folder `data_dir`, which must not exist, from a backup; all of it or nothing. The log
// in it then has at least the newest checkpoint's size and is consistent with it.
Result<Backup> restore_backup(const std::filesystem::path& backup,
                              const std::filesystem::path& data_dir, const RestoreOptions& options);

}  // namespace cpl
