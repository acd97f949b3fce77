// A text of a statement that may be sealed: in its place then stands a commitment to it, and
// whoever has the salt can open it later. A seal whose salt is destroyed can never be opened, and
// the log still verifies.
//
//   seal = HMAC-SHA-256(salt, "cpl/sealed/v1" 00 <the text>)       salt: 32 random octets
//
// The same text under the same salt gives the same seal, so that minutes can bear out a decision
// while both are sealed.
#pragma once

#include <map>

#include "registry/base/json.hpp"

namespace cpl {

inline constexpr std::size_t salt_size = 32;

// The commitment, and by when it is to be opened if that was promised.
struct Seal {
  Hash seal;
  std::optional<Date> opens{};  // On that day at the latest.
  bool operator==(const Seal&) const = default;
};

// In a statement, either the words or the seal. Once a disclosure has opened it, both.
struct Text {
  std::string words;  // Empty while it is sealed.
  std::optional<Hash> seal;
  std::optional<Date> opens;  // Of a seal, where that was promised.

  Text() = default;
  Text(std::string open) : words(std::move(open)) {}  // NOLINT: a text is most often just words.
  Text(const char* open) : words(open) {}             // NOLINT
  explicit Text(const Hash& closed) : seal(closed) {}

  bool is_known() const { return !words.empty(); }
  bool operator==(const Text&) const = default;
};

Hash seal_of(BytesView salt, std::string_view words);

// Whether the two are one text; nothing where that cannot be told while a seal is closed.
std::optional<bool> same_text(const Text& a, const Text& b);

// The words, or {"sealed": "<64 hexadecimal digits>"}, with "opens" where a day was promised.
Text read_text(FieldReader& reader, std::string_view name, std::size_t size_max,
               FieldErrors& errors);
std::optional<Text> read_optional_text(FieldReader& reader, std::string_view name,
                                       std::size_t size_max, FieldErrors& errors);
Json to_json(const Text& text);

// Every seal of an object by its place, a JSON pointer such as "/decisions/3/text".
std::map<std::string, Seal> find_seals(const Json& json);

}  // namespace cpl
