#include "tools/cpl/choice.hpp"

#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"
#include "tools/cpl/near_miss.hpp"

namespace cpl {

std::string typed_word(std::string_view word) {
  std::string typed = ascii_lower(word);
  std::replace_if(
      typed.begin(), typed.end(), [](char c) { return c == '_' || c == ' '; }, '-');
  return typed;
}

CLI::Option* choose(CLI::Option* option, const std::vector<std::string>& words) {
  std::vector<std::string> typed;
  std::string shown_words;
  for (const std::string& word : words) {
    typed.push_back(typed_word(word));
    shown_words += (shown_words.empty() ? "" : "|") + typed.back();
  }
  const CLI::Validator one_of(
      [words, typed](std::string& given) -> std::string {
        const auto found = std::find(typed.begin(), typed.end(), typed_word(given));
        if (found != typed.end()) {
          given = words[static_cast<std::size_t>(found - typed.begin())];
          return {};
        }
        std::string all;
        for (const std::string& word : typed) all += (all.empty() ? "" : ", ") + word;
        return "\"" + shown(given) + "\" is not one of " + all +
               did_you_mean(typed_word(given), typed);
      },
      "", "choice");
  return option->type_name(shown_words)->transform(one_of);
}

std::vector<std::string> choices_of(const CLI::Option& option) {
  if (option.get_type_name().find('|') == std::string::npos) return {};
  std::vector<std::string> words;
  std::string rest = option.get_type_name();
  for (auto at = rest.find('|'); at != rest.npos; at = rest.find('|')) {
    words.push_back(rest.substr(0, at));
    rest.erase(0, at + 1);
  }
  words.push_back(rest);
  return words;
}

}  // namespace cpl
