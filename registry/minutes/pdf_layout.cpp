#include "registry/minutes/pdf_layout.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "registry/minutes/words.hpp"

namespace cpl {
namespace {

// Distances, as multiples of the height of a line.
constexpr double same_line_max =
    0.45;  // Of centres: less than a line's pitch, more than a raised "th".
constexpr double small_print_max = 0.88;
constexpr double side_gap_min = 1.5;
constexpr double edge_gap_min = 0.5;
constexpr double odd_gap_min = 0.8;
constexpr double footnote_step_max = 2.2;
constexpr std::size_t footer_lines_max = 3;
// A column at the side begins in this part of the page, beside a paragraph: of so many words, or of
// such a part of the page's width.
constexpr double side_begin_min = 0.6;
constexpr std::size_t paragraph_words_min = 5;
constexpr double paragraph_width_min = 0.4;

std::string text_from(const PlacedLine& line, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < line.words.size(); ++i) {
    text += (i == first ? "" : " ") + line.words[i].text;
  }
  return text;
}

// The first word of the line, at `x` or to the right of it, that stands apart from what is left of
// it; the count of words if there is none. A word at the column's own edge needs less of a gap.
std::size_t apart_at(const PlacedLine& line, double x, double edge = -1) {
  double right = -1e9;
  double widest = 0;  // Of the gaps so far.
  for (std::size_t i = 0; i < line.words.size(); ++i) {
    const PlacedWord& word = line.words[i];
    const double gap = word.left - right;
    const bool at_edge = std::abs(word.left - edge) < 2 && gap >= edge_gap_min * line.height;
    // Less will do where the spaces of the line are all much smaller: it is not spaced out.
    const bool is_odd = gap >= odd_gap_min * line.height && gap >= 2.5 * widest;
    if (word.left >= x && (at_edge || is_odd || gap >= side_gap_min * line.height)) return i;
    if (i > 0) widest = std::max(widest, gap);
    right = std::max(right, word.right);
  }
  return line.words.size();
}

// Many words, or a few long ones.
bool is_paragraph(const PlacedLine& line, std::size_t words, double page_width) {
  if (words == 0) return false;
  const double width = line.words[words - 1].right - line.words.front().left;
  return words >= paragraph_words_min || width >= paragraph_width_min * page_width;
}

// A line of its own, but as high as a paragraph's line that ends left of it.
bool stands_beside(const PlacedLine& line, const PlacedLine& paragraph, double page_width) {
  if (std::abs(paragraph.centre - line.centre) >= 0.9 * line.height) return false;
  const double left = line.words.front().left;
  return is_paragraph(paragraph, paragraph.words.size(), page_width) &&
         paragraph.words.back().right < left;
}

bool stands_beside_neighbour(const std::vector<PlacedLine>& lines, std::size_t at,
                             double page_width) {
  return (at > 0 && stands_beside(lines[at], lines[at - 1], page_width)) ||
         (at + 1 < lines.size() && stands_beside(lines[at], lines[at + 1], page_width));
}

// Where the column at the side begins, if the page has one.
std::optional<double> find_side_column(const std::vector<PlacedLine>& lines, double page_width) {
  std::optional<double> begin;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t apart = apart_at(lines[i], side_begin_min * page_width);
    if (apart == lines[i].words.size()) continue;
    const bool beside = apart == 0 ? stands_beside_neighbour(lines, i, page_width)
                                   : is_paragraph(lines[i], apart, page_width);
    if (!beside) continue;
    begin = std::min(begin.value_or(page_width), lines[i].words[apart].left);
  }
  return begin;
}

bool begins_footnote(const PlacedLine& line) {
  if (line.words.empty()) return false;
  std::string_view mark = line.words.front().text;
  while (!mark.empty() && (is_ascii_digit(mark.front()) || mark.front() == '*')) {
    mark.remove_prefix(1);
  }
  if (mark.size() == line.words.front().text.size()) return false;
  return !mark.empty() || line.words.size() > 1;  // A number by itself is the page's.
}

bool is_small_print(const PlacedLine& line, double usual_size) {
  return std::all_of(line.words.begin(), line.words.end(), [usual_size](const PlacedWord& word) {
    return word.size <= small_print_max * usual_size;
  });
}

}  // namespace

std::vector<PlacedLine> group_lines(std::vector<PlacedWord> words) {
  std::stable_sort(words.begin(), words.end(), [](const PlacedWord& a, const PlacedWord& b) {
    return a.centre() < b.centre();
  });
  std::vector<PlacedLine> lines;
  for (PlacedWord& word : words) {
    const bool same =
        !lines.empty() && word.centre() - lines.back().centre <=
                              same_line_max * std::max(word.height(), lines.back().height);
    if (!same) lines.push_back({word.centre(), word.height(), {}});
    lines.back().height = std::max(lines.back().height, word.height());
    lines.back().words.push_back(std::move(word));
  }
  for (PlacedLine& line : lines) {
    std::stable_sort(line.words.begin(), line.words.end(),
                     [](const PlacedWord& a, const PlacedWord& b) { return a.left < b.left; });
  }
  return lines;
}

std::vector<PageRemark> take_side_column(std::vector<PlacedLine>& lines, double page_width) {
  const auto begin = find_side_column(lines, page_width);
  if (!begin) return {};
  std::string text;
  for (PlacedLine& line : lines) {
    const std::size_t apart = apart_at(line, *begin - 3, *begin);
    if (apart == line.words.size()) continue;
    text += (text.empty() ? "" : " / ") + text_from(line, apart);
    line.words.resize(apart);
  }
  std::erase_if(lines, [](const PlacedLine& line) { return line.words.empty(); });
  return {{"a column at the side of the page was left out", text}};
}

std::vector<PageRemark> take_footnotes(std::vector<PlacedLine>& lines, double usual_size) {
  std::size_t first = lines.size();
  while (first > 0 && lines.size() - first < footer_lines_max &&
         !is_small_print(lines[first - 1], usual_size)) {
    --first;
  }
  const std::size_t end = first;
  while (first > 0 && is_small_print(lines[first - 1], usual_size)) --first;
  while (first < end && !begins_footnote(lines[first])) ++first;
  if (first == end) return {};
  std::size_t last = first;
  while (last + 1 < end &&
         lines[last + 1].centre - lines[last].centre < footnote_step_max * lines[last].height) {
    ++last;
  }
  std::string text;
  for (std::size_t i = first; i <= last; ++i) {
    text += (i == first ? "" : " ") + text_from(lines[i], 0);
  }
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(first),
              lines.begin() + static_cast<std::ptrdiff_t>(last + 1));
  return {{"a footnote was left out", text}};
}

}  // namespace cpl
