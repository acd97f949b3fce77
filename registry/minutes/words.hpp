// The small pieces minutes are made of: words, dates, and references to meetings and actions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/encoding.hpp"

namespace cpl {

bool is_ascii_digit(char c);
bool is_ascii_upper(char c);
bool is_ascii_lower(char c);
std::string_view trim(std::string_view text);
std::string squeeze_spaces(std::string_view text);
bool same_word(std::string_view a, std::string_view b);  // Whatever the case of ASCII letters.
bool starts_with_word(std::string_view text, std::string_view prefix);

// All letters upper case, and at least `letters_min` of them.
bool is_capitals(std::string_view word, std::size_t letters_min);

// A word without the punctuation around it. Views into the text it was taken from.
struct MinutesWord {
  std::string_view core;
  std::size_t begin = 0;  // Of the core, in the text.
  std::size_t end = 0;
  char mark = 0;  // ',', ';' or ':' if one follows the core.
};
std::vector<MinutesWord> split_words(std::string_view text);

// "11th March 2016", "11 Mar 2016", "11th of March 2016", "March 11, 2016" or "2016-03-11"
// beginning at words[at]; ISO 8601. Only dates that exist.
std::optional<std::string> date_at(const std::vector<MinutesWord>& words, std::size_t at);
std::optional<std::string> find_date(std::string_view text);
// "11/03/2016", day before month: another must say that it is meant so.
std::optional<std::string> find_numeric_date(std::string_view text);
// The date of "by the 24th March 2016".
std::optional<std::string> find_due_date(std::string_view text);
bool is_month_name(std::string_view word);

struct MeetingReference {
  std::string body;
  std::string ref;
  std::uint32_t number = 0;
  std::string month_and_day;  // "-03-11", as an ISO date ends.
};
// The first word of the form SECP_30_1103.
std::optional<MeetingReference> find_meeting_reference(std::string_view text);

struct ActionReferences {
  std::vector<std::string> refs;
  std::string_view rest;  // What follows them.
};
// The references the text begins with, abbreviated ones written out: "SECP20/04, 23/08 & 28/06".
// A non-empty `body_before` allows the text to begin with an abbreviated one.
ActionReferences take_action_references(std::string_view text, std::string_view body_before = "");

}  // namespace cpl
