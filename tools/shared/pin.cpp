#include "tools/shared/pin.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "crypto/plain_text.hpp"
#include "registry/base/durable_file.hpp"

namespace cpl {
namespace {

constexpr std::string_view file_scheme = "file:";

Error pin_missing(std::string detail) {
  return Error{Errc::unauthorized, "token-pin-missing", std::move(detail)};
}

Error too_long() {
  return malformed("token-pin-malformed",
                   "a PIN has 1 to " + std::to_string(Secret::size_max) + " octets, in one line");
}

// What an editor left in a file or a variable and nobody types: sent to the token, it would cost a
// try.
Result<void> check_typed(const Secret& pin) {
  const auto hidden = find_hidden(pin.view());
  if (!hidden) return {};
  return malformed("token-pin-malformed",
                   "the PIN holds " + describe(*hidden) +
                       ", so it was not tried, and has cost no try: save it as plain text, without "
                       "a byte order mark");
}

// The first line. Read octet by octet: a buffer would keep a copy.
Result<Secret> read_line(int descriptor) {
  Secret pin;
  char octet = 0;
  while (::read(descriptor, &octet, 1) == 1 && octet != '\n') {
    if (!pin.push_back(octet)) return too_long();
  }
  octet = 0;
  if (pin.view().ends_with('\r')) pin.pop_back();
  if (pin.view().empty()) return too_long();
  TRY_VOID(check_typed(pin));
  return pin;
}

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
  return read_line(file.number());
}

// No echo, and every key comes as it is pressed, so that Ctrl-C cannot leave the terminal mute.
class MuteTerminal {
 public:
  MuteTerminal() {
    ::tcgetattr(STDIN_FILENO, &before_);
    ::termios mute = before_;
    mute.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &mute);
  }
  ~MuteTerminal() {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::cerr << "\n";
  }
  MuteTerminal(const MuteTerminal&) = delete;
  MuteTerminal& operator=(const MuteTerminal&) = delete;

 private:
  ::termios before_{};
};

Result<Secret> ask_at_terminal(const PinRequest& request) {
  constexpr char interrupt = 0x03;
  constexpr char end_of_input = 0x04;
  constexpr char backspace = 0x08;
  constexpr char erase = 0x7F;
  if (!request.tries.empty()) std::cerr << "Take care: " << request.tries << ".\n";
  std::cerr << "PIN of the token " << request.token << ": " << std::flush;
  const MuteTerminal mute;
  Secret pin;
  char key = 0;
  while (::read(STDIN_FILENO, &key, 1) == 1 && key != '\n' && key != '\r') {
    if (key == interrupt || key == end_of_input) break;
    if (key == backspace || key == erase) {
      pin.pop_back();
    } else if (!pin.push_back(key)) {
      return too_long();
    }
  }
  const bool given_up = key == interrupt || key == end_of_input;
  key = 0;
  if (given_up || pin.view().empty()) return pin_missing("no PIN was given");
  return pin;
}

}  // namespace

Result<Secret> find_pin(const PinRequest& request) {
  if (!request.source.empty()) return read_pin_file(request.source);
  if (const char* set = std::getenv("CPL_PIN")) {
    Secret pin;
    for (const char* octet = set; *octet != '\0'; ++octet) {
      if (!pin.push_back(*octet)) return too_long();
    }
    if (pin.view().empty()) return too_long();
    TRY_VOID(check_typed(pin));
    return pin;
  }
  if (::isatty(STDIN_FILENO) == 1) return ask_at_terminal(request);
  return pin_missing("the token " + request.token +
                     " wants its PIN, and there is no terminal to ask at: name a file by "
                     "?pin-source=file:PATH at the end of the URI, or set CPL_PIN");
}

}  // namespace cpl
