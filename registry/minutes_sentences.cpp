#include "registry/minutes_sentences.hpp"

#include <algorithm>
#include <array>

namespace cpl {
namespace {

struct VerbForms {
  std::string_view past;
  std::string_view bare;
};
constexpr std::string_view requested = "REQUESTED";
constexpr std::array<VerbForms, 8> verbs = {{{"NOTED", "note"},
                                             {"APPROVED", "approve"},
                                             {"AGREED", "agree"},
                                             {"SUPPORTED", "support"},
                                             {"ACCEPTED", "accept"},
                                             {"ENDORSED", "endorse"},
                                             {"REJECTED", "reject"},
                                             {"DEFERRED", "defer"}}};

// A full stop after these ends no sentence.
bool is_abbreviation(std::string_view word) {
  if (word.size() == 1 && is_ascii_upper(word.front())) return true;  // An initial.
  return is_one_of(word,
                   {"e.g", "i.e", "no", "nos", "vs", "mr", "mrs", "ms", "dr", "cf", "approx"});
}

// Where the word that ends at `at` begins. Looks back as far as an abbreviation is long.
std::size_t word_before(std::string_view text, std::size_t begin, std::size_t at) {
  constexpr std::size_t abbreviation_size_max = 8;
  std::size_t word = at;
  while (word > begin && text[word - 1] != ' ' && at - word < abbreviation_size_max) --word;
  return word;
}

bool begins_sentence_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  return !is_ascii_lower(text[at]);
}

}  // namespace

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [word](std::string_view each) { return same_word(word, each); });
}

std::vector<std::string_view> split_sentences(std::string_view text) {
  std::vector<std::string_view> sentences;
  std::size_t begin = 0;
  std::size_t at = 0;
  while ((at = text.find_first_of(".!?", at)) != text.npos) {
    std::size_t end = at + 1;
    while (end < text.size() && (text[end] == ')' || text[end] == '"')) ++end;
    if (text.substr(end).starts_with("\u201D")) end += std::string_view("\u201D").size();
    const bool spaced = end < text.size() && text[end] == ' ';
    const std::size_t word = word_before(text, begin, at);
    if (spaced && begins_sentence_at(text, end + 1) &&
        !(text[at] == '.' && is_abbreviation(text.substr(word, at - word)))) {
      sentences.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    at = end;
  }
  if (begin < text.size()) sentences.push_back(text.substr(begin));
  return sentences;
}

std::optional<std::string_view> decision_verb(std::string_view word) {
  if (word == requested) return requested;
  for (const VerbForms& verb : verbs) {
    if (same_word(word, verb.past)) return verb.past;
  }
  return std::nullopt;
}

std::optional<std::string_view> formal_decision_verb(std::string_view word) {
  if (same_word(word, requested)) return requested;
  return decision_verb(word);
}

bool is_bare_decision_verb(std::string_view word) {
  return std::any_of(verbs.begin(), verbs.end(),
                     [word](const VerbForms& verb) { return same_word(word, verb.bare); });
}

bool is_subordinator(std::string_view word) {
  return is_one_of(
      word, {"that", "which", "who", "whom", "whose", "whether", "if", "when", "where", "while",
             "why", "how", "what", "because", "until", "once", "unless", "although", "though"});
}

bool is_conjunction(std::string_view word) { return is_one_of(word, {"and", "but", "then"}); }

bool is_adverb(std::string_view word) {
  if (word.size() > 4 && same_word(word.substr(word.size() - 2), "ly")) return true;
  return is_one_of(word, {"also", "all", "both", "each", "therefore", "thus", "hence", "however",
                          "further", "again", "now", "duly", "nevertheless"});
}

bool is_determiner(std::string_view word) {
  return is_one_of(word, {"the", "a", "an", "any", "all", "each", "this", "these", "those", "their",
                          "its", "of", "such", "no", "other", "previously", "newly", "as"});
}

bool is_preposition(std::string_view word) {
  return is_one_of(word, {"by", "in", "at", "on", "via", "with", "from", "under", "through", "as"});
}

}  // namespace cpl
