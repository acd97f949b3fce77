#include "registry/extract_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace cpl {
namespace {

Error file_error(const std::filesystem::path& path, const std::string& what) {
  return Error{Errc::unavailable, "extracts-unavailable",
               path.string() + " " + what + ": " + std::strerror(errno), 0};
}

bool write_all(int descriptor, BytesView content) {
  while (!content.empty()) {
    const ssize_t count = ::write(descriptor, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(descriptor) == 0;
}

Result<void> write_durably(const std::filesystem::path& path, BytesView content) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor < 0) return file_error(path, "cannot be made");
  const bool written = write_all(descriptor, content);
  if (::close(descriptor) != 0 || !written) return file_error(path, "cannot be written");
  return {};
}

Result<void> make_durable(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return file_error(folder, "cannot be opened");
  const bool durable = ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!durable) return file_error(folder, "cannot be made durable");
  return {};
}

}  // namespace

Result<void> write_folder(const std::filesystem::path& folder,
                          const std::vector<NamedFile>& files) {
  std::filesystem::path beside = folder;
  beside += ".new";
  std::error_code failed;
  std::filesystem::remove_all(beside, failed);  // What a crash may have left.
  std::filesystem::create_directories(beside, failed);
  if (failed) {
    return Error{Errc::unavailable, "extracts-unavailable",
                 beside.string() + " cannot be made: " + failed.message(), 0};
  }
  for (const NamedFile& file : files) TRY_VOID(write_durably(beside / file.name, file.content));
  TRY_VOID(make_durable(beside));
  if (::rename(beside.c_str(), folder.c_str()) != 0) return file_error(folder, "cannot be made");
  return make_durable(folder.parent_path());
}

Result<Bytes> read_whole(const std::filesystem::path& file, std::size_t size_max) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  if (failed) {
    return Error{Errc::unavailable, "extracts-unavailable",
                 file.string() + " cannot be read: " + failed.message(), 0};
  }
  if (size > size_max) return corrupt(file.string() + " is larger than it can be");
  std::ifstream stream(file, std::ios::binary);
  Bytes content(size, '\0');
  if (!stream.read(content.data(), static_cast<std::streamsize>(size))) {
    return file_error(file, "cannot be read");
  }
  return content;
}

}  // namespace cpl
