#include "tools/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <utility>

namespace cpl {
namespace {

Error file_error(const std::filesystem::path& path, std::string_view what) {
  return Error{Errc::unavailable, "file-error",
               path.string() + " " + std::string(what) + ": " + std::strerror(errno)};
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

bool write_all(int descriptor, BytesView content) {
  while (!content.empty()) {
    const ssize_t count = ::write(descriptor, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t size_max) {
  const Descriptor file(path == "-" ? ::dup(0) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return file_error(path, "cannot be opened");
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
                   path.string() + " has more than " + std::to_string(size_max) + " octets"};
    }
  }
}

Result<void> write_file(const std::filesystem::path& path, BytesView content, Secrecy secrecy) {
  if (path == "-") {
    std::cout << content << std::flush;
    return {};
  }
  const bool secret = secrecy == Secrecy::secret;
  if (secret && std::filesystem::exists(path)) {
    return refuse("file-exists", path.string() + " is there already; a key is never written over");
  }
  std::filesystem::path beside = path;
  beside += ".new";
  const Descriptor file(
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, secret ? 0600 : 0644));
  if (file.number() < 0) return file_error(beside, "cannot be made");
  if (!write_all(file.number(), content) || ::fsync(file.number()) != 0) {
    return file_error(beside, "cannot be written");
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return file_error(path, "cannot be replaced");
  return {};
}

}  // namespace cpl
