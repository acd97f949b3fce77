// Files read and written whole, and written so that they survive a crash of the machine. Errors are
// `file-error` with the path and what the system says, and `file-too-large`.
#pragma once

#include <filesystem>
#include <optional>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

// An open file or folder, closed when it goes.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

// Nothing where there is no such file. Refuses more than `size_max` octets.
Result<std::optional<Bytes>> read_if_there(const std::filesystem::path& path, std::size_t size_max);
Result<Bytes> read_descriptor(const FileDescriptor& file, const std::filesystem::path& path,
                              std::size_t size_max);

enum class FileAccess : unsigned { everybody_reads = 0644, owner_only = 0600 };

// Whole or not at all, and durable before it returns: written beside, synced, renamed, and the
// folder synced.
Result<void> replace_durably(const std::filesystem::path& path, BytesView content,
                             FileAccess access = FileAccess::everybody_reads);

// Zeros in place of all that the file holds.
Result<void> overwrite_durably(const std::filesystem::path& path);

// Makes the folder, durably, where there is none; its parent must be there.
Result<void> make_folder_durably(const std::filesystem::path& path);
// What was made, renamed or removed in the folder is so for good.
Result<void> sync_folder(const std::filesystem::path& path);
// All that was written anywhere on the file system that the folder is on.
Result<void> sync_file_system(const std::filesystem::path& folder);

}  // namespace cpl
