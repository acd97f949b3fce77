// The words that an enum is written with: in the order of its values, beside its declaration, once.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

namespace cpl {

// To be specialised with `list`, a reference to an array of words.
template <class Enum>
struct Words;

template <class Enum>
constexpr std::string_view word_of(Enum value) {
  return Words<Enum>::list[static_cast<std::size_t>(value)];
}

// Nothing for a word that is none of them.
template <class Enum>
constexpr std::optional<Enum> read_word(std::string_view word) {
  const auto& list = Words<Enum>::list;
  const auto found = std::find(list.begin(), list.end(), word);
  if (found == list.end()) return std::nullopt;
  return static_cast<Enum>(found - list.begin());
}

}  // namespace cpl
