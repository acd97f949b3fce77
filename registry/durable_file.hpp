// Small files that survive a crash of the machine.
#pragma once

#include <filesystem>

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

// Whole or not at all, and durable before it returns: written beside, synced, renamed, and the
// folder synced.
Result<void> replace_durably(const std::filesystem::path& path, BytesView content);

// Makes the folder, durably, where there is none; its parent must be there.
Result<void> make_folder_durably(const std::filesystem::path& path);

}  // namespace cpl
