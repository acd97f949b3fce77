#include "registry/base/durable_file.hpp"

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

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return std::filesystem::absolute(path).parent_path();
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)) {}

Result<Bytes> read_descriptor(const FileDescriptor& file, const std::filesystem::path& path,
                              std::size_t size_max) {
  Bytes content;
  Bytes buffer(std::size_t{64} << 10U, '\0');
  while (true) {
    const ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(path, "cannot be read");
    if (count == 0) return content;
    content.append(buffer, 0, static_cast<std::size_t>(count));
    if (content.size() > size_max) {
      return Error{Errc::too_large, "file-too-large",
                   path.string() + " has more than " + std::to_string(size_max) + " octets", 0};
    }
  }
}

Result<std::optional<Bytes>> read_if_there(const std::filesystem::path& path,
                                           std::size_t size_max) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0 && errno == ENOENT) return std::optional<Bytes>();
  if (file.number() < 0) return file_error(path, "cannot be opened");
  return std::optional(TRY(read_descriptor(file, path, size_max)));
}

Result<void> replace_durably(const std::filesystem::path& path, BytesView content,
                             FileAccess access) {
  std::filesystem::path beside = path;
  beside += ".new";
  // What a crash left there may have another access than is wanted now.
  ::unlink(beside.c_str());
  const auto failed = [&](const std::filesystem::path& which, std::string_view what) {
    Error error = file_error(which, what);
    ::unlink(beside.c_str());  // On a full disk it would only be in the way.
    return error;
  };
  {
    const FileDescriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                                     static_cast<unsigned>(access)));
    if (file.number() < 0) return file_error(beside, "cannot be made");
    if (!write_all(file.number(), content) || ::fsync(file.number()) != 0) {
      return failed(beside, "cannot be written");
    }
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return failed(path, "cannot be replaced");
  return sync_folder(folder_of(path));
}

Result<void> overwrite_durably(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  struct stat about = {};
  if (file.number() < 0 || ::fstat(file.number(), &about) != 0) {
    return file_error(path, "cannot be opened");
  }
  const Bytes zeros(static_cast<std::size_t>(about.st_size), '\0');
  if (!write_all(file.number(), zeros) || ::fsync(file.number()) != 0) {
    return file_error(path, "cannot be written over");
  }
  return {};
}

Result<void> sync_folder(const std::filesystem::path& path) {
  const FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() < 0 || ::fsync(folder.number()) != 0) {
    return file_error(path, "cannot be synced");
  }
  return {};
}

Result<void> sync_file_system(const std::filesystem::path& folder) {
  const FileDescriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.number() < 0 || ::syncfs(file.number()) != 0) {
    return file_error(folder, "cannot be synced");
  }
  return {};
}

Result<void> make_folder_durably(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0755) != 0) {
    if (errno == EEXIST) return {};
    return file_error(path, "cannot be made");
  }
  return sync_folder(folder_of(path));
}

}  // namespace cpl
