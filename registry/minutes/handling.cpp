#include "registry/minutes/handling.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "registry/minutes/sentences.hpp"

namespace cpl {
namespace {

// As papers and other bodies say it.
constexpr std::string_view phrases[] = {
    "in confidence",
    "in camera",
    "in private",
    "closed session",
    "closed minute",
    "private session",
    "private minute",
    "reserved business",
    "reserved minute",
    "reserved item",
    "not for publication",
    "not for disclosure",
    "not for circulation",
    "not for onward",
    "not be published",
    "not be disclosed",
    "not to be published",
    "not to be disclosed",
    "withheld from publication",
    "commercially sensitive",
    "commercially confidential",
    "commercial-in-confidence",
    "exempt from publication",
    "exempt from disclosure",
    "exempt information",
    "press and public",
    "public and press",
    "public were excluded",
    "exclusion of the public",
    "redacted",
    "legally privileged",
    "under embargo",
    "minuted separately",
    "recorded separately",
    "restricted circulation",
    "restricted distribution",
    "confidentially",
    "sensitive and not",
};

bool is_colour(std::string_view word) {
  return word == "RED" || word == "AMBER" || word == "GREEN" || word == "AMBER+STRICT" ||
         word == "TLP:RED" || word == "TLP:AMBER" || word == "TLP:GREEN";
}

bool denies(const std::vector<MinutesWord>& words, std::size_t at) {
  const std::size_t begin = at > 3 ? at - 3 : 0;
  for (std::size_t i = begin; i < at; ++i) {
    if (is_one_of(words[i].core, {"not", "non", "longer", "isn't", "never"})) return true;
  }
  return false;
}

bool holds_phrase(std::string_view text) {
  const std::string lower = ascii_lower(text);
  return std::any_of(std::begin(phrases), std::end(phrases), [&lower](std::string_view phrase) {
    return lower.find(phrase) != lower.npos;
  });
}

// "confidential minutes", "confidential cover paper".
bool qualifies_substance(const std::vector<MinutesWord>& words, std::size_t at) {
  for (std::size_t next = at + 1; next < words.size() && next <= at + 2; ++next) {
    if (is_one_of(
            words[next].core,
            {"minutes",   "minute",  "paper",  "papers",     "report",       "reports", "session",
             "sessions",  "item",    "items",  "discussion", "discussions",  "matter",  "matters",
             "business",  "section", "update", "briefing",   "presentation", "letter",  "document",
             "documents", "record",  "note",   "annexe"})) {
      return true;
    }
  }
  return false;
}

// "The minutes of this item are confidential", "was treated as strictly confidential".
bool is_predicate(const std::vector<MinutesWord>& words, std::size_t at) {
  constexpr std::size_t reach = 3;
  for (std::size_t before = at; before > 0 && at - before < reach; --before) {
    if (is_one_of(words[before - 1].core,
                  {"is", "are", "was", "were", "remain", "remains", "remained", "stay", "stays",
                   "kept", "treated", "considered", "deemed", "marked", "classed", "classified",
                   "held", "as", "strictly"})) {
      return true;
    }
  }
  return false;
}

// "[RED]", "classified RED", "TLP:AMBER"; the colours of a risk or of a plan's progress are others.
bool is_classification(std::string_view text, const std::vector<MinutesWord>& words,
                       std::size_t at) {
  if (!is_colour(words[at].core)) return false;
  const std::size_t begin = words[at].begin;
  if (words[at].core.starts_with("TLP") || words.size() == 1) return true;
  if (begin > 0 && (text[begin - 1] == '[' || text[begin - 1] == '(')) return true;
  return at > 0 && is_one_of(words[at - 1].core, {"classified", "classification", "marked", "tlp",
                                                  "colour", "handling", "sec"});
}

bool is_confidential_word(std::string_view word) {
  return same_word(word, "confidential") || same_word(word, "confidentially");
}

}  // namespace

bool is_marked_confidential(std::string_view line) {
  if (holds_phrase(line)) return true;
  const auto words = split_words(line);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i].core;
    if (is_colour(word)) return true;
    const bool marks = is_confidential_word(word) || word == "RESTRICTED" || word == "SENSITIVE" ||
                       word == "PRIVATE" || word == "RESERVED" || word == "CLOSED" ||
                       word == "EXEMPT" || word == "OFFICIAL-SENSITIVE" || word == "SECRET";
    if (marks && !denies(words, i)) return true;
  }
  return false;
}

bool is_marked_draft(std::string_view line) {
  const auto words = split_words(line);
  return std::any_of(words.begin(), words.end(),
                     [](const MinutesWord& word) { return same_word(word.core, "draft"); });
}

bool says_confidential(std::string_view text) {
  if (holds_phrase(text)) return true;
  const auto words = split_words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_classification(text, words, i)) return true;
    if (!is_confidential_word(words[i].core) || denies(words, i)) continue;
    const bool label = i == 0 && (words.size() == 1 || words[0].mark == ':');
    if (label || words[i].core == "CONFIDENTIAL" || qualifies_substance(words, i) ||
        is_predicate(words, i)) {
      return true;
    }
  }
  return false;
}

}  // namespace cpl
