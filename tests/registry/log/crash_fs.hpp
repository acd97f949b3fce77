// A file system for RocksDB whose power can be cut. Until then it passes everything on to a real
// folder, but nothing is really flushed; at the cut, what was not asked to be flushed is lost:
// octets of a file beyond its last sync (a random part of them stays, as a torn write leaves it),
// and files made, renamed or deleted since the last sync of their folder (a random number of the
// last of them, in order).
//
// Not modelled: a disk that lies about syncs, or octets that change at rest. RocksDB's own notes
// (LOG) bypass it.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <filesystem>
#include <random>

#include "crypto/result.hpp"

namespace cpl::testing {

class CrashFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  using Status = rocksdb::IOStatus;
  using Options = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;

  // Keeps what a deletion or a renaming may have to bring back in `attic`, a folder of its own.
  explicit CrashFileSystem(std::filesystem::path attic)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), attic_(std::move(attic)) {
    std::filesystem::create_directories(attic_);
  }
  const char* Name() const override { return "CrashFileSystem"; }

  // Spends one operation; false once the power is off.
  bool spend() {
    const std::lock_guard lock(mutex_);
    return spend_locked();
  }
  void cut_after(std::uint64_t operations) {
    const std::lock_guard lock(mutex_);
    left_ = operations;
  }
  bool is_off() const {
    const std::lock_guard lock(mutex_);
    return left_ == 0;
  }

  // The power is gone and comes back: what was not flushed is lost. Nothing may be open.
  void lose_unsynced(std::mt19937& random) {
    const std::lock_guard lock(mutex_);
    std::size_t kept = pending_.empty() ? 0 : random() % (pending_.size() + 1);
    while (pending_.size() > kept) {
      undo(pending_.back());
      pending_.pop_back();
    }
    for (const auto& [path, file] : files_) {
      if (file.written <= file.synced || !std::filesystem::exists(path)) continue;
      std::filesystem::resize_file(path, file.synced + random() % (file.written - file.synced + 1));
    }
    settle();
    files_.clear();
    left_ = unlimited;
  }

  Status NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                         std::unique_ptr<rocksdb::FSWritableFile>* result, Debug* debug) override {
    const std::lock_guard lock(mutex_);
    if (!spend_locked()) return off();
    const bool existed = std::filesystem::exists(path);
    std::unique_ptr<rocksdb::FSWritableFile> file;
    auto status = target_->NewWritableFile(path, options, &file, debug);
    if (!status.ok()) return status;
    if (!existed) pending_.push_back({Change::made, path, {}, {}, {}});
    files_[path] = {};
    *result = std::make_unique<File>(*this, path, std::move(file));
    return status;
  }

  Status DeleteFile(const std::string& path, const Options& options, Debug* debug) override {
    const std::lock_guard lock(mutex_);
    if (!spend_locked()) return off();
    const std::string kept = next_attic_path();
    auto status = target_->RenameFile(path, kept, options, debug);
    if (status.ok()) pending_.push_back({Change::deleted, path, {}, kept, take_state(path)});
    return status;
  }

  Status RenameFile(const std::string& from, const std::string& to, const Options& options,
                    Debug* debug) override {
    const std::lock_guard lock(mutex_);
    if (!spend_locked()) return off();
    Pending change{Change::renamed, from, to, {}, {}};
    if (std::filesystem::exists(to)) {
      change.kept = next_attic_path();
      change.state = take_state(to);
      std::filesystem::rename(to, change.kept);
    }
    auto status = target_->RenameFile(from, to, options, debug);
    if (!status.ok()) return status;
    if (const auto state = take_state(from)) files_[to] = *state;
    pending_.push_back(std::move(change));
    return status;
  }

  Status NewDirectory(const std::string& path, const Options& options,
                      std::unique_ptr<rocksdb::FSDirectory>* result, Debug* debug) override {
    std::unique_ptr<rocksdb::FSDirectory> folder;
    auto status = target_->NewDirectory(path, options, &folder, debug);
    if (status.ok()) *result = std::make_unique<Folder>(*this);
    return status;
  }

 private:
  static constexpr std::uint64_t unlimited = UINT64_MAX;

  struct State {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
  };
  enum class Change : std::uint8_t { made, deleted, renamed };
  struct Pending {
    Change change;
    std::string path;
    std::string to;              // Of a renaming.
    std::string kept;            // In the attic: what was deleted or overwritten.
    std::optional<State> state;  // Of what is kept.
  };

  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(CrashFileSystem& system, std::string path, std::unique_ptr<rocksdb::FSWritableFile> file)
        : FSWritableFileOwnerWrapper(std::move(file)), system_(system), path_(std::move(path)) {}

    Status Append(const rocksdb::Slice& data, const Options& options, Debug* debug) override {
      const std::lock_guard lock(system_.mutex_);
      if (!system_.spend_locked()) return off();
      auto status = target()->Append(data, options, debug);
      if (status.ok()) system_.files_[path_].written += data.size();
      return status;
    }
    Status Append(const rocksdb::Slice& data, const Options& options,
                  const rocksdb::DataVerificationInfo& /*info*/, Debug* debug) override {
      return Append(data, options, debug);
    }
    Status Truncate(std::uint64_t size, const Options& options, Debug* debug) override {
      const std::lock_guard lock(system_.mutex_);
      if (!system_.spend_locked()) return off();
      State& state = system_.files_[path_];
      state.written = std::min(state.written, size);
      state.synced = std::min(state.synced, size);
      return target()->Truncate(size, options, debug);
    }
    Status Sync(const Options& /*options*/, Debug* /*debug*/) override {
      const std::lock_guard lock(system_.mutex_);
      if (!system_.spend_locked()) return off();
      State& state = system_.files_[path_];
      state.synced = state.written;
      return Status::OK();
    }
    Status Fsync(const Options& options, Debug* debug) override { return Sync(options, debug); }
    Status RangeSync(std::uint64_t, std::uint64_t, const Options&, Debug*) override {
      return Status::OK();  // Starts a flush, promises nothing.
    }

   private:
    CrashFileSystem& system_;
    const std::string path_;
  };

  class Folder final : public rocksdb::FSDirectory {
   public:
    explicit Folder(CrashFileSystem& system) : system_(system) {}
    Status Fsync(const Options& /*options*/, Debug* /*debug*/) override {
      const std::lock_guard lock(system_.mutex_);
      if (!system_.spend_locked()) return off();
      system_.settle();
      return Status::OK();
    }
    Status Close(const Options& /*options*/, Debug* /*debug*/) override { return Status::OK(); }

   private:
    CrashFileSystem& system_;
  };

  static Status off() { return Status::IOError("the power is off"); }

  bool spend_locked() {
    if (left_ == 0) return false;
    if (left_ != unlimited) --left_;
    return left_ > 0;
  }

  std::string next_attic_path() { return (attic_ / std::to_string(attic_count_++)).string(); }

  std::optional<State> take_state(const std::string& path) {
    const auto found = files_.find(path);
    if (found == files_.end()) return std::nullopt;
    const State state = found->second;
    files_.erase(found);
    return state;
  }

  // The changes of the folder are on disk.
  void settle() {
    for (const Pending& change : pending_) {
      if (!change.kept.empty()) std::filesystem::remove(change.kept);
    }
    pending_.clear();
  }

  void undo(const Pending& change) {
    switch (change.change) {
      case Change::made:
        std::filesystem::remove(change.path);
        files_.erase(change.path);
        return;
      case Change::renamed:
        std::filesystem::rename(change.to, change.path);
        if (const auto state = take_state(change.to)) files_[change.path] = *state;
        if (!change.kept.empty()) bring_back(change, change.to);
        return;
      case Change::deleted:
        bring_back(change, change.path);
        return;
    }
  }

  void bring_back(const Pending& change, const std::string& path) {
    std::filesystem::rename(change.kept, path);
    if (change.state) files_[path] = *change.state;
  }

  const std::filesystem::path attic_;
  mutable std::mutex mutex_;
  std::uint64_t left_ = unlimited;  // Guarded by mutex_, as is all below.
  std::uint64_t attic_count_ = 0;
  std::map<std::string, State> files_;  // Made since the power came on.
  std::vector<Pending> pending_;        // Changes of the folder since it was last synced.
};

}  // namespace cpl::testing
