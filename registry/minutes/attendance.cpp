#include <algorithm>

#include "crypto/encoding.hpp"
#include "registry/minutes/front.hpp"
#include "registry/minutes/words.hpp"

namespace cpl {
namespace {

constexpr std::size_t row_size_max = 300;
constexpr std::size_t name_words_max = 6;

// The last word of a category: what follows it is a name.
bool is_category_noun(std::string_view word) {
  static constexpr std::string_view nouns[] = {
      "chair",     "supplier",  "suppliers",  "network",       "networks",       "party",
      "parties",   "member",    "members",    "secretary",     "representative", "representatives",
      "operators", "providers", "observers",  "manufacturers", "advisers",       "guests",
      "experts",   "auditor",   "secretariat"};
  return std::any_of(std::begin(nouns), std::end(nouns),
                     [word](std::string_view noun) { return same_word(word, noun); });
}

// An organisation by its name alone: SECAS, DCC, Ofgem.
bool is_organisation_word(std::string_view word) {
  return is_capitals(word, 3) || word == "Ofgem" || word == "Gemserv";
}

bool is_particle(std::string_view word) {
  static constexpr std::string_view particles[] = {"de", "da", "van", "von", "der", "den",
                                                   "la", "le", "del", "di",  "bin", "al"};
  return std::find(std::begin(particles), std::end(particles), word) != std::end(particles);
}

bool is_name_word(std::string_view word) {
  const bool letters = std::none_of(word.begin(), word.end(), [](char c) {
    return is_ascii_digit(c) || std::string_view(":;/|&@()").find(c) != std::string_view::npos;
  });
  return letters && !is_ascii_lower(word.front());
}

// "Adam Carden (Alternate)": two words or more, a remark in parentheses at the end.
bool is_name(std::string_view text) {
  const auto remark = text.find('(');
  if (remark != text.npos && !text.ends_with(')')) return false;
  const auto words = split_words(text.substr(0, remark));
  if (words.size() < 2 || words.size() > name_words_max) return false;
  return std::all_of(words.begin(), words.end(), [](const MinutesWord& word) {
    return is_particle(word.core) || (is_name_word(word.core) && word.mark == 0);
  });
}

// At commas outside of parentheses.
std::vector<std::string_view> split_names(std::string_view text) {
  std::vector<std::string_view> names;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (text[i] != ',' || depth != 0) continue;
    names.push_back(trim(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  names.push_back(trim(text.substr(begin)));
  return names;
}

bool are_names(std::string_view text) {
  const auto names = split_names(text);
  return std::all_of(names.begin(), names.end(), is_name);
}

// Where the category that the row begins with ends, or 0.
std::size_t category_end(std::string_view row) {
  const auto words = split_words(row.substr(0, row.find('(')));
  for (std::size_t i = words.size(); i-- > 0;) {
    if (is_category_noun(words[i].core)) return words[i].end;
  }
  std::size_t end = 0;
  for (const MinutesWord& word : words) {
    if (!is_organisation_word(word.core)) break;
    end = word.end;
  }
  const std::string_view citizens = "Citizens Advice";
  if (starts_with_word(row, citizens)) {
    const std::string_view scotland = " Scotland";
    end = citizens.size();
    if (row.substr(end).starts_with(scotland)) end += scotland.size();
  }
  // "DECC (Secretary of State)"
  const std::string_view rest = row.substr(end);
  if (end != 0 && trim(rest).starts_with('(') && rest.find(')') != rest.npos) {
    end += rest.find(')') + 1;
  }
  return end;
}

}  // namespace

bool AttendanceTable::add_names(std::string_view text) {
  if (text.empty()) return true;
  if (!current_ || !are_names(text)) return false;
  for (const std::string_view name : split_names(text)) {
    rows_[*current_].names.push_back(squeeze_spaces(name));
  }
  return true;
}

bool AttendanceTable::add_category(std::string_view category, std::string_view names) {
  const std::string name = squeeze_spaces(category);
  if (!names.empty() && !are_names(names)) return false;
  const auto [row, is_new] = row_of_.try_emplace(name, rows_.size());
  if (is_new) rows_.push_back({name, {}});
  current_ = row->second;
  return add_names(names);
}

bool AttendanceTable::add(std::string_view row) {
  if (row.size() > row_size_max) return false;
  if (row.starts_with('(') && row.ends_with(')') && current_ && !rows_[*current_].names.empty()) {
    rows_[*current_].names.back() += " " + squeeze_spaces(row);
    return true;
  }
  if (const std::size_t end = category_end(row); end != 0) {
    if (add_category(row.substr(0, end), trim(row.substr(end)))) return true;
  }
  const auto column = row.find("  ");
  const std::string_view right = column == row.npos ? "" : trim(row.substr(column));
  if (!right.empty() && are_names(right) && category_end(right) == 0) {
    return add_category(row.substr(0, column), right);
  }
  return add_names(row);
}

}  // namespace cpl
