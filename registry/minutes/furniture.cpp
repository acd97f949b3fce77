#include "registry/minutes/furniture.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "crypto/encoding.hpp"
#include "registry/minutes/lines.hpp"
#include "registry/minutes/model_mentions.hpp"
#include "registry/minutes/words.hpp"

namespace cpl {
namespace {

constexpr std::size_t furniture_size_max = 160;
constexpr std::size_t heading_lines_max = 20;  // Of the document's own heading.
constexpr int edge_depth_max = 3;              // Running headers and footers of up to three lines.

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 3 && std::all_of(text.begin(), text.end(), is_ascii_digit);
}

// What is left of the line without "Page 3 of 9"; the line itself if it does not say so.
std::string without_page_number(std::string_view line) {
  const auto words = split_words(line);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (!same_word(words[i].core, "page") || !is_number(words[i + 1].core)) continue;
    std::size_t last = i + 1;
    if (i + 3 < words.size() && same_word(words[i + 2].core, "of") &&
        is_number(words[i + 3].core)) {
      last = i + 3;
    }
    if (i != 0 && last + 1 != words.size()) continue;
    return std::string(line.substr(0, words[i].begin)) + std::string(line.substr(words[last].end));
  }
  return std::string(line);
}

bool is_only_separators(std::string_view text) {
  return text.find_first_not_of(" |-\u2013\u2014.,") == text.npos;
}

// The document's own heading: what running headers repeat.
class Heading {
 public:
  explicit Heading(const std::vector<PageLine>& lines) {
    std::size_t taken = 0;
    for (const PageLine& line : lines) {
      if (line.text.empty()) continue;
      if (++taken > heading_lines_max || starts_with_word(line.text, "attendees") ||
          starts_with_word(line.text, "apologies") || line.text.starts_with("1.")) {
        break;
      }
      last_line_ = line.number;
      lines_.insert(ascii_lower(squeeze_spaces(line.text)));
      for (const MinutesWord& word : split_words(line.text)) words_.insert(ascii_lower(word.core));
      if (const auto found = find_meeting_reference(line.text)) reference_ = found->ref;
    }
  }

  bool is_repeated_by(const PageLine& line) const {
    if (line.number <= last_line_) return false;
    if (lines_.contains(ascii_lower(squeeze_spaces(line.text)))) return true;
    if (reference_.empty() || line.text.find(reference_) == line.text.npos) return false;
    const auto words = split_words(line.text);
    return std::all_of(words.begin(), words.end(), [this](const MinutesWord& word) {
      return words_.contains(ascii_lower(word.core)) || is_only_separators(word.core);
    });
  }

  bool names(std::string_view text) const {
    return !reference_.empty() && text.find(reference_) != text.npos;
  }

 private:
  std::size_t last_line_ = 0;
  std::set<std::string> lines_;
  std::set<std::string> words_;
  std::string reference_;
};

bool says_page_number(const PageLine& line, const Heading& heading) {
  const std::string rest = without_page_number(line.text);
  if (rest.size() == line.text.size()) return false;
  return is_only_separators(rest) || heading.names(rest) || rest.find('|') != rest.npos;
}

// A number by itself counts only beside an empty line or the edge of a page: elsewhere it may be
// the last word of a sentence.
bool is_bare_page_number(const std::vector<PageLine>& lines, std::size_t at) {
  std::string_view text = lines[at].text;
  if (text.starts_with("- ") && text.ends_with(" -") && text.size() > 4) {
    text = trim(text.substr(1, text.size() - 2));
  }
  if (!is_number(text)) return false;
  const bool edge_before = at == 0 || lines[at - 1].text.empty() || lines[at - 1].furniture ||
                           lines[at - 1].page != lines[at].page;
  const bool edge_after = at + 1 == lines.size() || lines[at + 1].page != lines[at].page;
  return edge_before || edge_after;
}

bool may_be_running_line(std::string_view text) {
  static constexpr std::string_view bullets[] = {"\u2022", "\u25AA", "\u25CF", "\uF0B7"};
  const bool bullet = std::any_of(std::begin(bullets), std::end(bullets),
                                  [text](std::string_view mark) { return text.starts_with(mark); });
  return !ends_sentence(text) && !bullet && !starts_with_word(text, "ACTION") &&
         !starts_with_word(text, "The") && text.size() <= furniture_size_max &&
         find_model_mentions(text).empty();
}

std::string without_digits(std::string_view text) {
  std::string out = squeeze_spaces(text);
  std::replace_if(out.begin(), out.end(), is_ascii_digit, '#');
  return out;
}

// The first and the last line of each page that are not furniture yet.
std::vector<std::size_t> page_edges(const std::vector<PageLine>& lines) {
  std::vector<std::size_t> edges;
  std::size_t previous = lines.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].text.empty() || lines[i].furniture) continue;
    if (previous == lines.size() || lines[previous].page != lines[i].page) {
      if (previous != lines.size() && (edges.empty() || edges.back() != previous)) {
        edges.push_back(previous);
      }
      edges.push_back(i);
    }
    previous = i;
  }
  if (previous != lines.size() && (edges.empty() || edges.back() != previous)) {
    edges.push_back(previous);
  }
  return edges;
}

bool mark_common_edges(std::vector<PageLine>& lines) {
  std::map<std::string, std::set<std::size_t>> pages_of;
  const auto edges = page_edges(lines);
  for (const std::size_t i : edges) {
    if (may_be_running_line(lines[i].text)) {
      pages_of[without_digits(lines[i].text)].insert(lines[i].page);
    }
  }
  bool marked = false;
  for (const std::size_t i : edges) {
    const auto found = pages_of.find(without_digits(lines[i].text));
    if (found == pages_of.end() || found->second.size() < 2) continue;
    lines[i].furniture = true;
    marked = true;
  }
  return marked;
}

}  // namespace

void mark_page_furniture(std::vector<PageLine>& lines) {
  const Heading heading(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    PageLine& line = lines[i];
    if (line.text.empty() || line.text.size() > furniture_size_max) continue;
    if (!find_model_mentions(line.text).empty()) continue;
    line.furniture = says_page_number(line, heading) || is_bare_page_number(lines, i) ||
                     heading.is_repeated_by(line);
  }
  for (int depth = 0; depth < edge_depth_max && mark_common_edges(lines); ++depth) {
  }
}

}  // namespace cpl
