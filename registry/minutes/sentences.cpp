#include "registry/minutes/sentences.hpp"

#include "crypto/encoding.hpp"

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
  return is_one_of(word, {"e.g",  "i.e", "no",     "nos",    "vs",   "v",    "mr",    "mrs", "ms",
                          "dr",   "cf",  "approx", "ltd",    "co",   "inc",  "plc",   "st",  "prof",
                          "rev",  "hon", "cllr",   "messrs", "dept", "para", "paras", "fig", "ref",
                          "refs", "art", "vol",    "ed",     "jan",  "feb",  "mar",   "apr", "jun",
                          "jul",  "aug", "sep",    "sept",   "oct",  "nov",  "dec",   "viz", "al"});
}

// "J. Smith"; but "Appendix A. The Panel …" is two sentences.
bool is_initial(std::string_view word, std::string_view before) {
  if (word.size() != 1 || !is_ascii_upper(word.front())) return false;
  return !is_one_of(before, {"appendix", "annex", "schedule", "option", "part", "section", "table",
                             "class", "category", "phase", "item", "attachment", "paper"});
}

// Where the word that ends at `at` begins. Looks back as far as a word matters here.
std::size_t word_before(std::string_view text, std::size_t begin, std::size_t at) {
  constexpr std::size_t size_max = 12;
  std::size_t word = at;
  while (word > begin && text[word - 1] != ' ' && text[word - 1] != '(' && at - word < size_max) {
    --word;
  }
  return word;
}

// Whether the full stop at `at` is part of the word before it.
bool is_part_of_word(std::string_view text, std::size_t begin, std::size_t at) {
  const std::size_t word = word_before(text, begin, at);
  const std::string_view last = text.substr(word, at - word);
  if (text[at] != '.' || last.empty()) return false;
  if (is_abbreviation(last)) return true;
  const std::size_t end = word > begin ? word - 1 : word;
  return is_initial(
      last, text.substr(word_before(text, begin, end), end - word_before(text, begin, end)));
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
    if (spaced && begins_sentence_at(text, end + 1) && !is_part_of_word(text, begin, at)) {
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

bool is_formal_decision(std::string_view text) {
  const std::string_view word = text.substr(0, text.find_first_of(" ,;.:"));
  return is_capitals(word, 4) && formal_decision_verb(word);
}

bool begins_with_decision_verb(std::string_view text) {
  return formal_decision_verb(text.substr(0, text.find_first_of(" ,;.:"))).has_value();
}

bool is_deciding(std::string_view word) {
  return decision_verb(word) ||
         is_one_of(word, {"decided",    "resolved",    "ratified",     "determined",  "confirmed",
                          "adopted",    "carried",     "authorised",   "authorized",  "granted",
                          "consented",  "concluded",   "voted",        "refused",     "declined",
                          "dismissed",  "upheld",      "overruled",    "sanctioned",  "mandated",
                          "instructed", "directed",    "elected",      "appointed",   "re-elected",
                          "passed",     "concurred",   "acceded",      "assented",    "overturned",
                          "revoked",    "rescinded",   "permitted",    "allowed",     "waived",
                          "opted",      "settled",     "ruled",        "cleared",     "delegated",
                          "unanimous",  "unanimously", "unanimity",    "vetoed",      "affirmed",
                          "reaffirmed", "re-affirmed", "acknowledged", "recommended", "postponed",
                          "chose",      "opposed",     "objected"});
}

bool is_deciding_now(std::string_view word) {
  if (word.size() > 2 && (word.back() == 's' || word.back() == 'S')) {
    if (is_deciding_now(word.substr(0, word.size() - 1))) return true;
  }
  return is_bare_decision_verb(word) ||
         is_one_of(word, {"decide", "resolve", "ratify", "ratifie", "determine", "confirm", "adopt",
                          "authorise", "grant", "consent", "conclude", "vote", "refuse", "decline",
                          "concur", "elect", "appoint"});
}

bool is_decision_noun(std::string_view word) {
  return is_one_of(word, {"decision", "decisions", "approval", "agreement", "consent",
                          "endorsement", "assent", "resolution", "resolutions", "determination",
                          "ratification", "blessing", "authority", "acceptance", "rejection"});
}

bool is_decider(std::string_view word) {
  return is_deciding_body(word) ||
         is_one_of(word, {"attendees", "delegates", "present", "everyone", "everybody", "all",
                          "majority", "we", "quorum"});
}

bool is_deciding_body(std::string_view word) {
  return is_one_of(word,
                   {"panel",        "committee", "sub-committee", "subcommittee", "board",
                    "council",      "group",     "workgroup",     "meeting",      "members",
                    "member",       "trustees",  "governors",     "directors",    "councillors",
                    "shareholders", "forum",     "executive",     "assembly",     "senate",
                    "court",        "chair",     "chairman",      "chairperson",  "convenor"});
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
