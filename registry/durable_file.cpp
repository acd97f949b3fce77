#include "registry/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace cpl {
namespace {

Error file_error(const std::filesystem::path& path, std::string_view what) {
  return Error{Errc::unavailable, "file-error",
               path.string() + " " + std::string(what) + ": " + std::strerror(errno), 0};
}

bool write_all(int descriptor, BytesView content) {
  while (!content.empty()) {
    const ssize_t count = ::write(descriptor, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

Result<void> sync_folder(const std::filesystem::path& path) {
  const FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() < 0 || ::fsync(folder.number()) != 0) {
    return file_error(path, "cannot be synced");
  }
  return {};
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return std::filesystem::absolute(path).parent_path();
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)) {}

Result<void> replace_durably(const std::filesystem::path& path, BytesView content) {
  std::filesystem::path beside = path;
  beside += ".new";
  {
    const FileDescriptor file(
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.number() < 0) return file_error(beside, "cannot be made");
    if (!write_all(file.number(), content) || ::fsync(file.number()) != 0) {
      return file_error(beside, "cannot be written");
    }
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return file_error(path, "cannot be replaced");
  return sync_folder(folder_of(path));
}

Result<void> make_folder_durably(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0755) != 0) {
    if (errno == EEXIST) return {};
    return file_error(path, "cannot be made");
  }
  return sync_folder(folder_of(path));
}

}  // namespace cpl
