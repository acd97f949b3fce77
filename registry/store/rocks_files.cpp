#include "registry/store/rocks_files.hpp"

#include <fcntl.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/listener.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdio>

#include "registry/base/durable_file.hpp"

namespace cpl {
namespace {

using Status = rocksdb::IOStatus;
using Options = rocksdb::IOOptions;
using Debug = rocksdb::IODebugContext;
using rocksdb::Slice;

// Of full disks RocksDB keeps a watch of its own, which would be in the way of ours.
Status passing(Status status) {
  if (!status.IsIOError() || status.IsPathNotFound()) return status;
  if (status.IsNoSpace()) status = Status::IOError(status.ToString());
  status.SetRetryable(true);
  return status;
}

class WrittenFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  explicit WrittenFile(std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)) {}

  Status Append(const Slice& data, const Options& options, Debug* debug) override {
    return passing(target()->Append(data, options, debug));
  }
  Status Append(const Slice& data, const Options& options,
                const rocksdb::DataVerificationInfo& info, Debug* debug) override {
    return passing(target()->Append(data, options, info, debug));
  }
  Status Truncate(std::uint64_t size, const Options& options, Debug* debug) override {
    return passing(target()->Truncate(size, options, debug));
  }
  Status Close(const Options& options, Debug* debug) override {
    return passing(target()->Close(options, debug));
  }
  Status Flush(const Options& options, Debug* debug) override {
    return passing(target()->Flush(options, debug));
  }
  Status Sync(const Options& options, Debug* debug) override {
    return passing(target()->Sync(options, debug));
  }
  Status Fsync(const Options& options, Debug* debug) override {
    return passing(target()->Fsync(options, debug));
  }
  Status RangeSync(std::uint64_t offset, std::uint64_t octets, const Options& options,
                   Debug* debug) override {
    return passing(target()->RangeSync(offset, octets, options, debug));
  }
};

class ReadFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  explicit ReadFile(std::unique_ptr<rocksdb::FSRandomAccessFile> file)
      : FSRandomAccessFileOwnerWrapper(std::move(file)) {}

  Status Read(std::uint64_t offset, std::size_t octets, const Options& options, Slice* result,
              char* scratch, Debug* debug) const override {
    return passing(target()->Read(offset, octets, options, result, scratch, debug));
  }
};

class Folder final : public rocksdb::FSDirectoryWrapper {
 public:
  explicit Folder(std::unique_ptr<rocksdb::FSDirectory> folder)
      : FSDirectoryWrapper(std::move(folder)) {}

  Status Fsync(const Options& options, Debug* debug) override {
    return passing(FSDirectoryWrapper::Fsync(options, debug));
  }
  Status FsyncWithDirOptions(const Options& options, Debug* debug,
                             const rocksdb::DirFsyncOptions& folder) override {
    return passing(FSDirectoryWrapper::FsyncWithDirOptions(options, debug, folder));
  }
};

class PatientFiles final : public rocksdb::FileSystemWrapper {
 public:
  using FileOptions = rocksdb::FileOptions;

  explicit PatientFiles(const std::shared_ptr<rocksdb::FileSystem>& base)
      : FileSystemWrapper(base) {}
  const char* Name() const override { return "PatientFiles"; }

  Status NewWritableFile(const std::string& path, const FileOptions& options,
                         std::unique_ptr<rocksdb::FSWritableFile>* result, Debug* debug) override {
    return written(target_->NewWritableFile(path, options, result, debug), result);
  }
  Status ReopenWritableFile(const std::string& path, const FileOptions& options,
                            std::unique_ptr<rocksdb::FSWritableFile>* result,
                            Debug* debug) override {
    return written(target_->ReopenWritableFile(path, options, result, debug), result);
  }
  Status ReuseWritableFile(const std::string& path, const std::string& old_path,
                           const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           Debug* debug) override {
    return written(target_->ReuseWritableFile(path, old_path, options, result, debug), result);
  }
  Status NewRandomAccessFile(const std::string& path, const FileOptions& options,
                             std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                             Debug* debug) override {
    const Status status = target_->NewRandomAccessFile(path, options, result, debug);
    if (status.ok()) *result = std::make_unique<ReadFile>(std::move(*result));
    return passing(status);
  }
  Status NewSequentialFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSSequentialFile>* result,
                           Debug* debug) override {
    return passing(target_->NewSequentialFile(path, options, result, debug));
  }
  Status NewDirectory(const std::string& path, const Options& options,
                      std::unique_ptr<rocksdb::FSDirectory>* result, Debug* debug) override {
    const Status status = target_->NewDirectory(path, options, result, debug);
    if (status.ok()) *result = std::make_unique<Folder>(std::move(*result));
    return passing(status);
  }
  Status DeleteFile(const std::string& path, const Options& options, Debug* debug) override {
    return passing(target_->DeleteFile(path, options, debug));
  }
  Status RenameFile(const std::string& from, const std::string& to, const Options& options,
                    Debug* debug) override {
    return passing(target_->RenameFile(from, to, options, debug));
  }
  Status LinkFile(const std::string& from, const std::string& to, const Options& options,
                  Debug* debug) override {
    return passing(target_->LinkFile(from, to, options, debug));
  }
  Status GetFileSize(const std::string& path, const Options& options, std::uint64_t* size,
                     Debug* debug) override {
    return passing(target_->GetFileSize(path, options, size, debug));
  }
  Status GetChildren(const std::string& path, const Options& options,
                     std::vector<std::string>* names, Debug* debug) override {
    return passing(target_->GetChildren(path, options, names, debug));
  }

 private:
  static Status written(const Status& status, std::unique_ptr<rocksdb::FSWritableFile>* result) {
    if (status.ok()) *result = std::make_unique<WrittenFile>(std::move(*result));
    return passing(status);
  }
};

class Patience final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                         rocksdb::Status* status) override {
    using Severity = rocksdb::Status::Severity;
    if (status->IsIOError() && status->severity() > Severity::kHardError) {
      *status = rocksdb::Status(*status, Severity::kHardError);
    }
  }
};

class Diary final : public rocksdb::Logger {
 public:
  explicit Diary(const std::filesystem::path& file)
      : Logger(rocksdb::InfoLogLevel::WARN_LEVEL),
        file_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}

  using Logger::Logv;
  void Logv(const char* format, std::va_list arguments) override {
    std::array<char, 2048> line{};
    const int length = std::vsnprintf(line.data(), line.size() - 1, format, arguments);
    if (length < 0) return;
    const std::size_t size = std::min(static_cast<std::size_t>(length), line.size() - 2);
    line[size] = '\n';
    if ((written_ += size + 1) > octets_max) {
      written_ = 0;
      if (::ftruncate(file_.number(), 0) != 0) return;
    }
    // Where it cannot be written, what it tells of is met by others, too.
    const auto ignored = ::write(file_.number(), line.data(), size + 1);
    static_cast<void>(ignored);
  }

 private:
  static constexpr std::size_t octets_max = std::size_t{4} << 20U;

  const FileDescriptor file_;
  std::atomic<std::size_t> written_ = 0;
};

}  // namespace

std::shared_ptr<rocksdb::Logger> make_diary(const std::filesystem::path& file) {
  return std::make_shared<Diary>(file);
}

std::shared_ptr<rocksdb::EventListener> make_patience() { return std::make_shared<Patience>(); }

std::shared_ptr<rocksdb::Env> make_patient_env(rocksdb::Env* base) {
  const auto files = base == nullptr ? rocksdb::FileSystem::Default() : base->GetFileSystem();
  return rocksdb::NewCompositeEnv(std::make_shared<PatientFiles>(files));
}

}  // namespace cpl
