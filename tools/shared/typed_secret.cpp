#include "tools/shared/typed_secret.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "crypto/plain_text.hpp"

namespace cpl {
namespace {

Error wrong_size(const SecretKind& kind) {
  return malformed(std::string(kind.code) + "-malformed",
                   "a " + std::string(kind.noun) + " has 1 to " + std::to_string(Secret::size_max) +
                       " octets, in one line");
}

// What an editor left in a file or a variable and nobody types: sent to a token, it would cost a
// try.
Result<Secret> as_typed(Secret secret, const SecretKind& kind) {
  const auto hidden = find_hidden(secret.view());
  if (!hidden) return secret;
  return malformed(std::string(kind.code) + "-malformed",
                   "the " + std::string(kind.noun) + " holds " + describe(*hidden) +
                       ", so it was not tried, and has cost no try: save it as plain text, without "
                       "a byte order mark");
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

}  // namespace

Error secret_missing(const SecretKind& kind, std::string detail) {
  return Error{Errc::unauthorized, std::string(kind.code) + "-missing", std::move(detail)};
}

Result<Secret> read_secret_line(int descriptor, const SecretKind& kind) {
  Secret secret;
  char octet = 0;
  while (::read(descriptor, &octet, 1) == 1 && octet != '\n') {
    if (!secret.push_back(octet)) return wrong_size(kind);
  }
  octet = 0;
  if (secret.view().ends_with('\r')) secret.pop_back();
  if (secret.view().empty()) return wrong_size(kind);
  return as_typed(std::move(secret), kind);
}

Result<std::optional<Secret>> secret_in_variable(const char* name, const SecretKind& kind) {
  const char* set = std::getenv(name);
  if (set == nullptr) return std::optional<Secret>();
  Secret secret;
  for (const char* octet = set; *octet != '\0'; ++octet) {
    if (!secret.push_back(*octet)) return wrong_size(kind);
  }
  if (secret.view().empty()) return wrong_size(kind);
  return std::optional(TRY(as_typed(std::move(secret), kind)));
}

bool can_ask_at_terminal() { return ::isatty(STDIN_FILENO) == 1; }

Result<Secret> ask_for_secret(const std::string& question, const SecretKind& kind) {
  constexpr char interrupt = 0x03;
  constexpr char end_of_input = 0x04;
  constexpr char backspace = 0x08;
  constexpr char erase = 0x7F;
  std::cerr << question << ": " << std::flush;
  const MuteTerminal mute;
  Secret secret;
  char key = 0;
  while (::read(STDIN_FILENO, &key, 1) == 1 && key != '\n' && key != '\r') {
    if (key == interrupt || key == end_of_input) break;
    if (key == backspace || key == erase) {
      secret.pop_back();
    } else if (!secret.push_back(key)) {
      return wrong_size(kind);
    }
  }
  const bool given_up = key == interrupt || key == end_of_input;
  key = 0;
  if (!given_up && !secret.view().empty()) return secret;
  return secret_missing(kind, "no " + std::string(kind.noun) + " was given");
}

}  // namespace cpl
