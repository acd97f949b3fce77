// A file system for RocksDB on which something is short: space, descriptors, memory, or a disk that
// does not answer. Calls are counted; from the one that the test names on they fail, one of them or
// all until it is mended. Nothing is really flushed, which makes it quick.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>

namespace cpl::testing {

enum class Shortage : std::uint8_t { no_space, no_descriptor, no_memory, no_disk };

class ResourceFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  using Status = rocksdb::IOStatus;
  using Options = rocksdb::IOOptions;
  using FileOptions = rocksdb::FileOptions;
  using Debug = rocksdb::IODebugContext;
  using Slice = rocksdb::Slice;

  ResourceFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "ResourceFileSystem"; }

  // The call after the next `skipped` ones fails, and `more` after it.
  void fail_after(std::uint64_t skipped, Shortage what, std::uint64_t more) {
    what_ = what;
    first_ = calls_ + skipped;
    last_ = first_ + more;
    is_short_ = true;
  }
  void mend() { is_short_ = false; }
  // What the test itself reads to judge by is neither counted nor short of anything.
  void let_oracle_look(bool looking) { is_oracle_looking_ = looking; }
  bool has_failed() const { return failures_ > 0; }
  std::uint64_t calls() const { return calls_; }

  Status NewWritableFile(const std::string& path, const FileOptions& options,
                         std::unique_ptr<rocksdb::FSWritableFile>* result, Debug* debug) override {
    if (const Status status = next(Needs::much); !status.ok()) return status;
    const Status status = target_->NewWritableFile(path, options, result, debug);
    if (status.ok()) *result = std::make_unique<Written>(*this, std::move(*result));
    return status;
  }
  Status NewRandomAccessFile(const std::string& path, const FileOptions& options,
                             std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                             Debug* debug) override {
    if (const Status status = next(Needs::no_space); !status.ok()) return status;
    const Status status = target_->NewRandomAccessFile(path, options, result, debug);
    if (status.ok()) *result = std::make_unique<Random>(*this, std::move(*result));
    return status;
  }
  Status NewSequentialFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSSequentialFile>* result,
                           Debug* debug) override {
    if (const Status status = next(Needs::no_space); !status.ok()) return status;
    return target_->NewSequentialFile(path, options, result, debug);
  }
  Status NewDirectory(const std::string& path, const Options& options,
                      std::unique_ptr<rocksdb::FSDirectory>* result, Debug* debug) override {
    if (const Status status = next(Needs::no_space); !status.ok()) return status;
    const Status status = target_->NewDirectory(path, options, result, debug);
    if (status.ok()) *result = std::make_unique<Folder>(*this, std::move(*result));
    return status;
  }
  Status DeleteFile(const std::string& path, const Options& options, Debug* debug) override {
    if (const Status status = next(Needs::no_space); !status.ok()) return status;
    return target_->DeleteFile(path, options, debug);
  }
  Status RenameFile(const std::string& from, const std::string& to, const Options& options,
                    Debug* debug) override {
    if (const Status status = next(Needs::much); !status.ok()) return status;
    return target_->RenameFile(from, to, options, debug);
  }
  Status LinkFile(const std::string& from, const std::string& to, const Options& options,
                  Debug* debug) override {
    if (const Status status = next(Needs::much); !status.ok()) return status;
    return target_->LinkFile(from, to, options, debug);
  }
  Status CreateDirIfMissing(const std::string& path, const Options& options,
                            Debug* debug) override {
    if (const Status status = next(Needs::much); !status.ok()) return status;
    return target_->CreateDirIfMissing(path, options, debug);
  }
  Status GetFileSize(const std::string& path, const Options& options, std::uint64_t* size,
                     Debug* debug) override {
    if (const Status status = next(Needs::no_space); !status.ok()) return status;
    return target_->GetFileSize(path, options, size, debug);
  }
  Status GetChildren(const std::string& path, const Options& options,
                     std::vector<std::string>* names, Debug* debug) override {
    if (const Status status = next(Needs::no_space); !status.ok()) return status;
    return target_->GetChildren(path, options, names, debug);
  }

 private:
  enum class Needs : std::uint8_t { much, no_space };

  class Written final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    Written(ResourceFileSystem& system, std::unique_ptr<rocksdb::FSWritableFile> file)
        : FSWritableFileOwnerWrapper(std::move(file)), system_(system) {}

    // A disk that fills up takes a part of it.
    Status Append(const Slice& data, const Options& options, Debug* debug) override {
      const Status status = system_.next(Needs::much);
      if (status.ok()) return target()->Append(data, options, debug);
      const Status half = target()->Append(Slice(data.data(), data.size() / 2), options, debug);
      half.PermitUncheckedError();
      return status;
    }
    Status Append(const Slice& data, const Options& options,
                  const rocksdb::DataVerificationInfo& /*info*/, Debug* debug) override {
      return Append(data, options, debug);
    }
    Status Flush(const Options& options, Debug* debug) override {
      if (const Status status = system_.next(Needs::much); !status.ok()) return status;
      return target()->Flush(options, debug);
    }
    Status Close(const Options& options, Debug* debug) override {
      const Status status = system_.next(Needs::much);
      const Status closed = target()->Close(options, debug);
      return status.ok() ? closed : status;
    }
    Status Sync(const Options& /*options*/, Debug* /*debug*/) override {
      return system_.next(Needs::much);
    }
    Status Fsync(const Options& options, Debug* debug) override { return Sync(options, debug); }
    Status RangeSync(std::uint64_t, std::uint64_t, const Options&, Debug*) override {
      return system_.next(Needs::much);
    }

   private:
    ResourceFileSystem& system_;
  };

  class Random final : public rocksdb::FSRandomAccessFileOwnerWrapper {
   public:
    Random(ResourceFileSystem& system, std::unique_ptr<rocksdb::FSRandomAccessFile> file)
        : FSRandomAccessFileOwnerWrapper(std::move(file)), system_(system) {}
    Status Read(std::uint64_t offset, std::size_t octets, const Options& options, Slice* result,
                char* scratch, Debug* debug) const override {
      if (const Status status = system_.next(Needs::no_space); !status.ok()) return status;
      return target()->Read(offset, octets, options, result, scratch, debug);
    }

   private:
    ResourceFileSystem& system_;
  };

  class Folder final : public rocksdb::FSDirectoryWrapper {
   public:
    Folder(ResourceFileSystem& system, std::unique_ptr<rocksdb::FSDirectory> folder)
        : FSDirectoryWrapper(std::move(folder)), system_(system) {}
    Status Fsync(const Options& /*options*/, Debug* /*debug*/) override {
      return system_.next(Needs::much);
    }
    Status FsyncWithDirOptions(const Options& options, Debug* debug,
                               const rocksdb::DirFsyncOptions& /*folder*/) override {
      return Fsync(options, debug);
    }

   private:
    ResourceFileSystem& system_;
  };

  // A full disk can still be read from.
  Status next(Needs needs) {
    if (is_oracle_looking_) return Status::OK();
    const std::uint64_t call = calls_++;
    if (!is_short_ || call < first_ || call > last_) return Status::OK();
    if (what_ == Shortage::no_space && needs == Needs::no_space) return Status::OK();
    ++failures_;
    switch (what_.load()) {
      case Shortage::no_space:
        return Status::NoSpace("No space left on device");
      case Shortage::no_descriptor:
        return Status::IOError("Too many open files");
      case Shortage::no_memory:
        return Status::IOError("Cannot allocate memory");
      case Shortage::no_disk:
        return Status::IOError("Input/output error");
    }
    return Status::OK();
  }

  std::atomic<std::uint64_t> calls_ = 0;
  std::atomic<std::uint64_t> first_ = 0;
  std::atomic<std::uint64_t> last_ = 0;
  std::atomic<std::uint64_t> failures_ = 0;
  std::atomic<bool> is_oracle_looking_ = false;
  std::atomic<Shortage> what_{};
  std::atomic<bool> is_short_ = false;
};

}  // namespace cpl::testing
