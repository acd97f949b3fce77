#include "registry/minutes/words.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace cpl {
namespace {

constexpr std::array<std::string_view, 12> months = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 4> wide_quotes = {"\u201C", "\u201D", "\u2018", "\u2019"};
constexpr std::string_view opening_marks = "(['\"";
constexpr std::string_view closing_marks = ")]'\".,;:!?";

std::size_t count_digits(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_ascii_digit);
  return static_cast<std::size_t>(end - text.begin());
}

unsigned small_number(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) value = value * 10 + static_cast<unsigned>(c - '0');
  return value;
}

bool strip_wide_quote(std::string_view& text, bool at_end) {
  for (const std::string_view quote : wide_quotes) {
    if (at_end && text.ends_with(quote)) return text.remove_suffix(quote.size()), true;
    if (!at_end && text.starts_with(quote)) return text.remove_prefix(quote.size()), true;
  }
  return false;
}

MinutesWord make_word(std::string_view text, std::size_t begin, std::size_t end) {
  std::string_view core = text.substr(begin, end - begin);
  while (!core.empty() && (opening_marks.find(core.front()) != opening_marks.npos)) {
    core.remove_prefix(1);
  }
  while (strip_wide_quote(core, false)) {
  }
  MinutesWord word;
  while (!core.empty()) {
    if (closing_marks.find(core.back()) != closing_marks.npos) {
      if (std::string_view(",;:").find(core.back()) != std::string_view::npos) {
        word.mark = core.back();
      }
      core.remove_suffix(1);
    } else if (!strip_wide_quote(core, true)) {
      break;
    }
  }
  word.core = core;
  word.begin = static_cast<std::size_t>(core.data() - text.data());
  word.end = word.begin + core.size();
  return word;
}

std::string two_digits(unsigned value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

// "24", "24th", "1st": the number, or nothing.
std::optional<unsigned> day_number(std::string_view word) {
  const std::size_t digits = count_digits(word);
  if (digits < 1 || digits > 2) return std::nullopt;
  const std::string_view tail = word.substr(digits);
  const bool ordinal = same_word(tail, "st") || same_word(tail, "nd") || same_word(tail, "rd") ||
                       same_word(tail, "th");
  if (!tail.empty() && !ordinal) return std::nullopt;
  return small_number(word.substr(0, digits));
}

std::optional<unsigned> month_number(std::string_view word) {
  if (same_word(word, "Sept")) return 9;
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (same_word(word, months[i]) || same_word(word, months[i].substr(0, 3))) {
      return static_cast<unsigned>(i + 1);
    }
  }
  return std::nullopt;
}

std::optional<unsigned> month_of(std::string_view digits) {
  if (digits.size() != 2 || count_digits(digits) != 2) return std::nullopt;
  return small_number(digits);
}

std::optional<std::string> iso_date(std::string_view year, std::optional<unsigned> month,
                                    std::optional<unsigned> day) {
  if (!day || !month || year.size() != 4 || count_digits(year) != 4) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(small_number(year))),
                                         std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return std::string(year) + "-" + two_digits(*month) + "-" + two_digits(*day);
}

// Letters (and underscores between them), then the number and DDMM: SECP_30_1103.
std::optional<MeetingReference> parse_meeting_reference(std::string_view word) {
  const auto last = word.rfind('_');
  if (last == word.npos || last == 0) return std::nullopt;
  const auto middle = word.rfind('_', last - 1);
  if (middle == word.npos || middle < 2 || middle > 20) return std::nullopt;
  const std::string_view body = word.substr(0, middle);
  const std::string_view number = word.substr(middle + 1, last - middle - 1);
  const std::string_view day_month = word.substr(last + 1);
  if (!std::all_of(body.begin(), body.end(),
                   [](char c) { return is_ascii_upper(c) || c == '_'; })) {
    return std::nullopt;
  }
  if (number.empty() || number.size() > 4 || count_digits(number) != number.size()) {
    return std::nullopt;
  }
  if (day_month.size() != 4 || count_digits(day_month) != 4) return std::nullopt;
  return MeetingReference{
      std::string(body), std::string(word), small_number(number),
      "-" + std::string(day_month.substr(2)) + "-" + std::string(day_month.substr(0, 2))};
}

// "30/03" at the start of the text: meeting of 1 to 4 digits, serial of 2 or 3. Its size, or 0.
std::size_t short_reference_size(std::string_view text) {
  const std::size_t meeting = count_digits(text);
  if (meeting < 1 || meeting > 4 || meeting >= text.size() || text[meeting] != '/') return 0;
  const std::size_t serial = count_digits(text.substr(meeting + 1));
  if (serial < 2 || serial > 3) return 0;
  const std::size_t size = meeting + 1 + serial;
  const bool goes_on = size < text.size() && (text[size] == '/' || is_ascii_upper(text[size]) ||
                                              is_ascii_lower(text[size]));
  return goes_on ? 0 : size;
}

std::string_view skip_separators(std::string_view text) {
  while (true) {
    text = trim(text);
    if (text.starts_with(',') || text.starts_with('&') || text.starts_with(';')) {
      text.remove_prefix(1);
    } else if (text.starts_with("and ")) {
      text.remove_prefix(4);
    } else {
      return text;
    }
  }
}

}  // namespace

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ascii_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_ascii_lower(char c) { return c >= 'a' && c <= 'z'; }

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::string squeeze_spaces(std::string_view text) {
  std::string out;
  for (const char c : trim(text)) {
    if (c != ' ' || !out.ends_with(' ')) out += c;
  }
  return out;
}

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return ascii_lower(x) == ascii_lower(y);
         });
}

bool starts_with_word(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size() || !same_word(text.substr(0, prefix.size()), prefix)) {
    return false;
  }
  if (text.size() == prefix.size()) return true;
  const char next = text[prefix.size()];
  return !is_ascii_lower(next) && !is_ascii_upper(next) && !is_ascii_digit(next);
}

bool is_capitals(std::string_view word, std::size_t letters_min) {
  return word.size() >= letters_min && std::all_of(word.begin(), word.end(), is_ascii_upper);
}

std::vector<MinutesWord> split_words(std::string_view text) {
  std::vector<MinutesWord> words;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(' ', at)) != text.npos) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    MinutesWord word = make_word(text, at, end);
    if (!word.core.empty()) words.push_back(word);
    at = end;
  }
  return words;
}

std::optional<std::string> date_at(const std::vector<MinutesWord>& words, std::size_t at) {
  if (at < words.size() && words[at].core.size() == 10 && words[at].core[4] == '-' &&
      words[at].core[7] == '-') {
    const std::string_view date = words[at].core;
    return iso_date(date.substr(0, 4), month_of(date.substr(5, 2)), day_number(date.substr(8)));
  }
  if (at + 3 > words.size()) return std::nullopt;
  if (month_number(words[at].core)) {  // "April 12, 2019"
    return iso_date(words[at + 2].core, month_number(words[at].core),
                    day_number(words[at + 1].core));
  }
  const std::size_t of = same_word(words[at + 1].core, "of") ? 1 : 0;  // "12th of April 2019"
  if (at + 3 + of > words.size()) return std::nullopt;
  return iso_date(words[at + 2 + of].core, month_number(words[at + 1 + of].core),
                  day_number(words[at].core));
}

std::optional<std::string> find_date(std::string_view text) {
  const auto words = split_words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (auto date = date_at(words, i)) return date;
  }
  return std::nullopt;
}

std::optional<std::string> find_numeric_date(std::string_view text) {
  for (const MinutesWord& word : split_words(text)) {
    const std::string_view date = word.core;
    const char mark = date.size() == 10 ? date[2] : ' ';
    if ((mark != '/' && mark != '.' && mark != '-') || date[5] != mark) continue;
    if (auto iso =
            iso_date(date.substr(6), month_of(date.substr(3, 2)), day_number(date.substr(0, 2)))) {
      return iso;
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_due_date(std::string_view text) {
  const auto words = split_words(text);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (!same_word(words[i].core, "by")) continue;
    if (auto date = date_at(words, i + (same_word(words[i + 1].core, "the") ? 2 : 1))) return date;
  }
  return std::nullopt;
}

bool is_month_name(std::string_view word) { return month_number(word).has_value(); }

std::optional<MeetingReference> find_meeting_reference(std::string_view text) {
  for (const MinutesWord& word : split_words(text)) {
    if (auto reference = parse_meeting_reference(word.core)) return reference;
  }
  return std::nullopt;
}

ActionReferences take_action_references(std::string_view text, std::string_view body_before) {
  ActionReferences taken;
  std::string body(body_before);
  taken.rest = trim(text);
  std::string_view ahead = body.empty() ? taken.rest : skip_separators(taken.rest);
  while (true) {
    const auto letters = static_cast<std::size_t>(
        std::find_if_not(ahead.begin(), ahead.end(), is_ascii_upper) - ahead.begin());
    if (letters == 1 || letters > 12 || (letters == 0 && body.empty())) return taken;
    const std::size_t size = short_reference_size(ahead.substr(letters));
    if (size == 0) return taken;
    if (letters > 0) body = ahead.substr(0, letters);
    taken.refs.push_back(body + std::string(ahead.substr(letters, size)));
    taken.rest = trim(ahead.substr(letters + size));
    ahead = skip_separators(taken.rest);
  }
}

}  // namespace cpl
