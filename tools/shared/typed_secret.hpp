// Secrets in one line that people type or keep in a file: a token's PIN, a key's pass phrase.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/pkcs11/pin.hpp"
#include "crypto/result.hpp"

namespace cpl {

// What kind of secret it is, and what errors call it: "token-pin", "a PIN".
struct SecretKind {
  std::string_view code;
  std::string_view noun;
};
inline constexpr SecretKind pin_kind{"token-pin", "PIN"};
inline constexpr SecretKind pass_phrase_kind{"pass-phrase", "pass phrase"};

Error secret_missing(const SecretKind& kind, std::string detail);
// The first line of a file, read octet by octet: a buffer would keep a copy.
Result<Secret> read_secret_line(int descriptor, const SecretKind& kind);
// What a variable of the environment holds; nothing where it is not set.
Result<std::optional<Secret>> secret_in_variable(const char* name, const SecretKind& kind);
bool can_ask_at_terminal();
// Without an echo.
Result<Secret> ask_for_secret(const std::string& question, const SecretKind& kind);

}  // namespace cpl
