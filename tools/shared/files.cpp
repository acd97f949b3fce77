#include "tools/shared/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>

#include "registry/base/durable_file.hpp"
#include "registry/base/file_kind.hpp"

namespace cpl {

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t size_max) {
  if (path == "-") return read_descriptor(FileDescriptor(::dup(0)), path, size_max);
  auto content = TRY(read_if_there(path, size_max));
  if (content) return *std::move(content);
  return Error{Errc::unavailable, "file-error",
               path.string() + " cannot be opened: " + std::strerror(ENOENT), 0};
}

Result<Bytes> read_exact_file(const std::filesystem::path& path, std::size_t size_max,
                              LineEnds line_ends) {
  Bytes content = TRY(read_file(path, size_max));
  if (const auto damage = damage_of(content, line_ends))
    return file_damaged(path.string(), *damage);
  return content;
}

Result<void> check_secret_can_be_written(const std::filesystem::path& path) {
  const auto refused = [&](const std::string& why) {
    return refuse("file-exists", path.string() + " " + why + ": nothing was done");
  };
  if (path == "-") return write_file(path, "", Secrecy::secret);
  if (std::filesystem::exists(path)) return refused("is there already, and is not written over");
  if (const auto tried = replace_durably(path, "", FileAccess::owner_only); !tried) {
    return within("nothing was done", tried.error());
  }
  std::error_code failed;
  std::filesystem::remove(path, failed);
  return {};
}

Result<void> write_file(const std::filesystem::path& path, BytesView content, Secrecy secrecy) {
  if (path == "-" && secrecy == Secrecy::secret) {
    return refuse("secret-not-printed",
                  "a secret is not printed, since terminals and logs keep what they show: name a "
                  "file");
  }
  if (path == "-") {
    std::cout << content << std::flush;
    if (std::cout) return {};
    return Error{Errc::unavailable, "file-error", "standard output cannot be written to", 0};
  }
  if (secrecy == Secrecy::open) return replace_durably(path, content);
  if (std::filesystem::exists(path)) {
    return refuse("file-exists", path.string() + " is there already; a key is never written over");
  }
  return replace_durably(path, content, FileAccess::owner_only);
}

}  // namespace cpl
