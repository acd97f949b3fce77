#include "registry/minutes/lines.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "registry/minutes/furniture.hpp"
#include "registry/minutes/words.hpp"

namespace cpl {
namespace {

constexpr std::string_view soft_hyphen = "\u00AD";

bool is_letter_or_digit(char c) {
  return is_ascii_lower(c) || is_ascii_upper(c) || is_ascii_digit(c);
}

void add_page_line(std::vector<PageLine>& lines, std::size_t number, std::size_t page,
                   std::string_view text) {
  const std::string_view inner = trim(text);
  const std::size_t indent =
      inner.empty() ? 0 : static_cast<std::size_t>(inner.data() - text.data());
  lines.push_back({.number = number, .page = page, .indent = indent, .text = inner});
}

std::vector<PageLine> split_pages(std::string_view text) {
  std::vector<PageLine> lines;
  std::size_t number = 1;
  std::size_t page = 1;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find_first_of("\n\f", begin), text.size());
    add_page_line(lines, number, page, text.substr(begin, end - begin));
    if (end < text.size()) text[end] == '\f' ? ++page : ++number;
    begin = end + 1;
  }
  return lines;
}

// See split_minutes_lines: the trace of a lost form feed.
bool is_top_of_page(const PageLine& line, const PageLine* before) {
  return before != nullptr && line.indent == 1 && before->indent == 0;
}

// Where pages begin that have nothing but furniture, or nothing at all. The last may be empty: a
// form feed ends the text.
std::vector<std::size_t> pages_without_text(const std::vector<PageLine>& lines) {
  std::vector<std::size_t> found;
  for (std::size_t first = 0; first < lines.size();) {
    std::size_t next = first;
    bool has_text = false;
    bool has_furniture = false;
    for (; next < lines.size() && lines[next].page == lines[first].page; ++next) {
      has_furniture = has_furniture || lines[next].furniture;
      has_text = has_text || (!lines[next].furniture && !lines[next].text.empty());
    }
    if (!has_text && (has_furniture || next < lines.size())) found.push_back(lines[first].number);
    first = next;
  }
  return found;
}

// Makes the end of the text ready for the next line.
void prepare_join(std::string& text) {
  if (text.ends_with(soft_hyphen)) {
    text.resize(text.size() - soft_hyphen.size());
    return;
  }
  // After a hyphen the break is in the word.
  const bool in_word =
      text.size() >= 2 && text.back() == '-' && is_letter_or_digit(text[text.size() - 2]);
  if (!text.empty() && !in_word) text += ' ';
}

}  // namespace

MinutesPages split_minutes_lines(std::string_view text) {
  std::vector<PageLine> page_lines = split_pages(text);
  mark_page_furniture(page_lines);
  MinutesPages pages;
  pages.without_text = pages_without_text(page_lines);
  const PageLine* before = nullptr;  // The last line with text.
  MinutesGap gap = MinutesGap::none;
  for (const PageLine& line : page_lines) {
    if (line.furniture || (before != nullptr && before->page != line.page)) gap = MinutesGap::page;
    if (line.furniture) {
      pages.running.push_back({.number = line.number, .gap = gap, .text = line.text});
      continue;
    }
    if (line.text.empty()) {
      if (gap == MinutesGap::none) gap = MinutesGap::blank;
      continue;
    }
    if (gap == MinutesGap::none && is_top_of_page(line, before)) gap = MinutesGap::page;
    pages.lines.push_back({.number = line.number, .gap = gap, .text = line.text});
    before = &line;
    gap = MinutesGap::none;
  }
  return pages;
}

std::string heal_lines(const std::vector<MinutesLine>& lines) {
  std::string out;
  for (const MinutesLine& line : lines) {
    prepare_join(out);
    out += squeeze_spaces(line.text);
  }
  if (out.ends_with(soft_hyphen)) out.resize(out.size() - soft_hyphen.size());
  return out;
}

std::vector<std::size_t> healed_line_starts(const std::vector<MinutesLine>& lines) {
  std::vector<std::size_t> starts;
  std::string out;
  for (const MinutesLine& line : lines) {
    prepare_join(out);
    starts.push_back(out.size());
    out += squeeze_spaces(line.text);
  }
  return starts;
}

bool ends_sentence(std::string_view line) {
  while (line.ends_with(')') || line.ends_with('"')) line.remove_suffix(1);
  for (const std::string_view quote : {"\u201D", "\u2019"}) {
    if (line.ends_with(quote)) line.remove_suffix(quote.size());
  }
  for (const std::string_view glue : {"; and", "; or", ", and"}) {
    if (line.ends_with(glue)) return true;
  }
  return !line.empty() && std::string_view(".:;!?").find(line.back()) != std::string_view::npos;
}

}  // namespace cpl
