#include "registry/minutes/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/encoding.hpp"
#include "registry/minutes/words.hpp"

namespace cpl {
namespace {

using Replacement = std::pair<std::string_view, std::string_view>;

// In the order of their octets.
constexpr auto replacements = std::to_array<Replacement>({
    {"\u00A0", " "},  {"\u034F", ""},    {"\u061C", ""},    {"\u1680", " "},  {"\u180E", ""},
    {"\u2000", " "},  {"\u2001", " "},   {"\u2002", " "},   {"\u2003", " "},  {"\u2004", " "},
    {"\u2005", " "},  {"\u2006", " "},   {"\u2007", " "},   {"\u2008", " "},  {"\u2009", " "},
    {"\u200A", " "},  {"\u200B", ""},    {"\u200C", ""},    {"\u200D", ""},   {"\u200E", ""},
    {"\u200F", ""},   {"\u2010", "-"},   {"\u2011", "-"},   {"\u2028", " "},  {"\u2029", " "},
    {"\u202A", ""},   {"\u202B", ""},    {"\u202C", ""},    {"\u202D", ""},   {"\u202E", ""},
    {"\u202F", " "},  {"\u205F", " "},   {"\u2060", ""},    {"\u2061", ""},   {"\u2062", ""},
    {"\u2063", ""},   {"\u2064", ""},    {"\u2066", ""},    {"\u2067", ""},   {"\u2068", ""},
    {"\u2069", ""},   {"\u206A", ""},    {"\u206B", ""},    {"\u206C", ""},   {"\u206D", ""},
    {"\u206E", ""},   {"\u206F", ""},    {"\u3000", " "},   {"\uFB00", "ff"}, {"\uFB01", "fi"},
    {"\uFB02", "fl"}, {"\uFB03", "ffi"}, {"\uFB04", "ffl"}, {"\uFB05", "st"}, {"\uFB06", "st"},
    {"\uFE00", ""},   {"\uFE01", ""},    {"\uFE02", ""},    {"\uFE03", ""},   {"\uFE04", ""},
    {"\uFE05", ""},   {"\uFE06", ""},    {"\uFE07", ""},    {"\uFE08", ""},   {"\uFE09", ""},
    {"\uFE0A", ""},   {"\uFE0B", ""},    {"\uFE0C", ""},    {"\uFE0D", ""},   {"\uFE0E", ""},
    {"\uFE0F", ""},   {"\uFEFF", ""},
});
constexpr std::string_view soft_hyphen = "\u00AD";
constexpr std::array<std::string_view, 8> dashes = {"\u2012", "\u2013", "\u2014", "\u2015",
                                                    "\u2212", "\uFE58", "\uFE63", "\uFF0D"};
constexpr std::array<std::string_view, 10> raised_digits = {"\u2070", "\u00B9", "\u00B2", "\u00B3",
                                                            "\u2074", "\u2075", "\u2076", "\u2077",
                                                            "\u2078", "\u2079"};

std::size_t sequence_size(char lead) {
  const auto octet = static_cast<unsigned char>(lead);
  if (octet < 0xC0) return 1;
  if (octet < 0xE0) return 2;
  return octet < 0xF0 ? 3 : 4;
}

bool ends_line(std::string_view text, std::size_t at) {
  at = text.find_first_not_of(" \t\r", at);
  return at != text.npos && (text[at] == '\n' || text[at] == '\f');
}

std::string plain_characters(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view one = text.substr(at, sequence_size(text[at]));
    at += one.size();
    if (one == "\t") {
      out += "   ";
    } else if (one == "\r") {
      out += ' ';
    } else if (one == soft_hyphen) {
      if (ends_line(text, at)) out += one;
    } else if (one.size() == 1) {
      out += one;
    } else {
      const auto found = std::lower_bound(
          replacements.begin(), replacements.end(), one,
          [](const Replacement& each, std::string_view sought) { return each.first < sought; });
      out += found != replacements.end() && found->first == one ? found->second : one;
    }
  }
  return out;
}

template <std::size_t size>
std::size_t starts_with_one_of(std::string_view text,
                               const std::array<std::string_view, size>& all) {
  for (const std::string_view each : all) {
    if (text.starts_with(each)) return each.size();
  }
  return 0;
}

bool is_letter_or_digit(char c) {
  return is_ascii_lower(c) || is_ascii_upper(c) || is_ascii_digit(c);
}

// Letters and digits joined by hyphens and dashes, written with '-'.
struct JoinedWord {
  std::string text;
  std::size_t size = 0;  // As it was written.
  bool is_id_like = false;
};

JoinedWord joined_word(std::string_view text) {
  JoinedWord word;
  std::size_t part = 0;
  std::size_t joints = 0;
  bool digits = false;
  const auto end_part = [&] {
    word.is_id_like = word.is_id_like || (part >= 8 && digits);
    part = 0;
    digits = false;
  };
  while (word.size < text.size()) {
    const char c = text[word.size];
    const std::size_t dash = starts_with_one_of(text.substr(word.size), dashes);
    if (is_letter_or_digit(c)) {
      ++part;
      digits = digits || is_ascii_digit(c);
      word.text += c;
      ++word.size;
    } else if (c == '-' || dash != 0) {
      end_part();
      ++joints;
      word.text += '-';
      word.size += std::max<std::size_t>(dash, 1);
    } else {
      break;
    }
  }
  end_part();
  word.is_id_like = word.is_id_like && joints >= 2;
  return word;
}

// Dashes inside ids become hyphens; the mark of a footnote that is glued to one goes.
std::string plain_ids(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (!is_letter_or_digit(text[at])) {
      out += text[at++];
      continue;
    }
    const JoinedWord word = joined_word(text.substr(at));
    out += word.is_id_like ? std::string_view(word.text) : text.substr(at, word.size);
    at += word.size;
    while (word.is_id_like && at < text.size()) {
      const std::size_t mark = starts_with_one_of(text.substr(at), raised_digits);
      if (mark == 0) break;
      at += mark;
    }
  }
  return out;
}

}  // namespace

std::string tidy_minutes_text(std::string_view text) { return plain_ids(plain_characters(text)); }

}  // namespace cpl
