#include "tools/shared/pin.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "registry/base/durable_file.hpp"
#include "tools/shared/typed_secret.hpp"

namespace cpl {
namespace {

constexpr std::string_view file_scheme = "file:";

// systemd keeps others out of the folder of a service's credentials, and gives the service its own
// by access lists, which look like a group's rights.
bool is_credential(std::string_view path) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder != nullptr && path.starts_with(std::string(folder) + "/") &&
         path.find("..") == std::string_view::npos;
}

Result<Secret> read_pin_file(std::string path) {
  if (path.starts_with(file_scheme)) path.erase(0, file_scheme.size());
  if (path.starts_with("//")) path.erase(0, 2);  // file:///etc/pin, of no other host than this.
  if (path.empty() || path[0] == '|') {
    return malformed("token-pin-source-unknown",
                     "pin-source names a file, as file:PATH; a program is not run for it");
  }
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct ::stat found {};
  if (file.number() < 0 || ::fstat(file.number(), &found) != 0) {
    return Error{Errc::unavailable, "file-error",
                 "the PIN's file " + path + " cannot be opened: " + std::strerror(errno)};
  }
  const bool is_open = S_ISREG(found.st_mode) && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0;
  if (is_open && !is_credential(path)) {
    return refuse("token-pin-file-open", "the PIN's file " + path +
                                             " is open to others on this machine: chmod 600 it, "
                                             "and change the PIN if they should not know it");
  }
  return read_secret_line(file.number(), pin_kind);
}

}  // namespace

Result<Secret> find_pin(const PinRequest& request) {
  if (!request.source.empty()) return read_pin_file(request.source);
  if (auto set = TRY(secret_in_variable("CPL_PIN", pin_kind))) return *std::move(set);
  if (can_ask_at_terminal()) {
    if (!request.tries.empty()) std::cerr << "Take care: " << request.tries << ".\n";
    return ask_for_secret("PIN of the token " + request.token, pin_kind);
  }
  return secret_missing(pin_kind,
                        "the token " + request.token +
                            " wants its PIN, and there is no terminal to ask at: name a file by "
                            "?pin-source=file:PATH at the end of the URI, or set CPL_PIN");
}

}  // namespace cpl
