// Characters that a person who reads a text does not see, or that change what is seen: controls,
// what turns the direction of reading, what has no width, what is no character at all. Nobody signs
// a text that holds one, and where a text from elsewhere does, it is shown by its number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cpl {

struct HiddenCharacter {
  char32_t code = 0;
  std::size_t at = 0;     // Of its first octet.
  std::size_t size = 0;   // In octets.
  std::string_view what;  // "cannot be seen", for example: a sentence without its subject.
};

// The first of them in the text that is not in `allowed`; what is not UTF-8 is passed over.
std::optional<HiddenCharacter> find_hidden(std::string_view text, std::string_view allowed = "");

// "[U+202E]"
std::string character_name(char32_t code);
// "the character [U+202E], which turns the direction of reading"
std::string describe(const HiddenCharacter& hidden);

// Well-formed UTF-8 that holds none of them but the control characters in `allowed`.
bool is_plain_text(std::string_view text, std::string_view allowed = "");

// The text with each of them as [U+202E], and each octet that is not UTF-8 as [0xFF].
std::string shown(std::string_view text, std::string_view allowed = "");

// JSON of the same value, in which each of them is an escape: they stand in its strings alone.
std::string shown_json(std::string_view json);

// What mail, an editor or a copy did to a text that must come octet for octet: "begins with a byte
// order mark", for example.
enum class LineEnds : std::uint8_t { lf_only, any };
std::optional<std::string_view> damage_of(std::string_view text, LineEnds line_ends);

struct Character {
  char32_t code = 0;
  std::size_t size = 0;  // In octets; 0 where the text does not begin with well-formed UTF-8.
};
Character first_character(std::string_view text);

std::string utf8_of(char32_t code);

}  // namespace cpl
