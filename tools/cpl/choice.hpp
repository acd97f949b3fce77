// An option whose value is one of a few words. People type them in lower case with "-", or in any
// case; help and completion show them.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.hpp"
#include "registry/base/words.hpp"

namespace cpl {

// "PANEL_DECISION" as people type it: "panel-decision".
std::string typed_word(std::string_view word);

// The option takes these words, and hands on each as it is written here.
CLI::Option* choose(CLI::Option* option, const std::vector<std::string>& words);

template <typename Words>
CLI::Option* choose_from(CLI::Option* option, const Words& words) {
  return choose(option, std::vector<std::string>(std::begin(words), std::end(words)));
}

// The value that such a word stands for.
template <class Enum>
Enum chosen(std::string_view word) {
  const auto value = read_word<Enum>(word);
  check(value.has_value());
  return *value;
}

// The words that an option can be given; none where it can be given anything.
std::vector<std::string> choices_of(const CLI::Option& option);

}  // namespace cpl
