#include "registry/pdf_text.hpp"

#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-global.h>
#include <poppler/cpp/poppler-page.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

namespace cpl {
namespace {

constexpr std::string_view pdf_magic = "%PDF-";

// Distances, as multiples of the height of a line.
constexpr double same_line_max =
    0.45;  // Of centres: less than a line's pitch, more than a raised "th".
constexpr double joined_gap_max = 0.12;  // Of parts of one word.
constexpr double column_gap_min = 1.8;
// A step between lines that is larger than the usual one by this factor is one of paragraphs.
constexpr double paragraph_step = 1.3;

struct PlacedWord {
  double left = 0;
  double right = 0;
  double centre = 0;  // From the top of the page.
  double height = 0;
  std::string text;
};

struct PlacedLine {
  double centre = 0;
  double height = 0;
  std::vector<PlacedWord> words;
};

// Poppler's remarks on damaged files are for its own developers; we judge by what it returns.
void silence_poppler() {
  static const bool done = [] {
    poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
    return true;
  }();
  static_cast<void>(done);
}

// Glyphs without a character come out as control characters.
std::string printable(const poppler::ustring& text) {
  const poppler::byte_array utf8 = text.to_utf8();
  std::string out(utf8.begin(), utf8.end());
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }, ' ');
  return out;
}

// Nothing if the page has words but none that stands upright.
std::optional<std::vector<PlacedWord>> upright_words(const poppler::page& page) {
  std::vector<PlacedWord> words;
  const std::vector<poppler::text_box> boxes = page.text_list();
  for (const poppler::text_box& box : boxes) {
    if (box.rotation() != 0) continue;
    const poppler::rectf place = box.bbox();
    words.push_back({place.left(), place.right(), (place.top() + place.bottom()) / 2,
                     std::abs(place.bottom() - place.top()), printable(box.text())});
  }
  if (words.empty() && !boxes.empty()) return std::nullopt;
  return words;
}

std::vector<PlacedLine> group_lines(std::vector<PlacedWord> words) {
  std::stable_sort(words.begin(), words.end(),
                   [](const PlacedWord& a, const PlacedWord& b) { return a.centre < b.centre; });
  std::vector<PlacedLine> lines;
  for (PlacedWord& word : words) {
    const bool same =
        !lines.empty() && word.centre - lines.back().centre <=
                              same_line_max * std::max(word.height, lines.back().height);
    if (!same) lines.push_back({word.centre, word.height, {}});
    lines.back().height = std::max(lines.back().height, word.height);
    lines.back().words.push_back(std::move(word));
  }
  for (PlacedLine& line : lines) {
    std::stable_sort(line.words.begin(), line.words.end(),
                     [](const PlacedWord& a, const PlacedWord& b) { return a.left < b.left; });
  }
  return lines;
}

void write_line(std::string& out, const PlacedLine& line) {
  double right = 0;
  for (const PlacedWord& word : line.words) {
    if (&word != &line.words.front()) {
      const double gap = word.left - right;
      if (gap > column_gap_min * line.height) {
        out += "   ";
      } else if (gap > joined_gap_max * line.height) {
        out += ' ';
      }
    }
    out += word.text;
    right = word.right;
  }
  out += '\n';
}

// The usual step from line to line: the lower quartile, since paragraphs and tables only add to it.
double usual_step(const std::vector<std::vector<PlacedLine>>& pages) {
  std::vector<double> steps;
  for (const auto& lines : pages) {
    for (std::size_t i = 1; i < lines.size(); ++i) {
      steps.push_back(lines[i].centre - lines[i - 1].centre);
    }
  }
  if (steps.empty()) return 0;
  const auto quartile = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 4);
  std::nth_element(steps.begin(), quartile, steps.end());
  return *quartile;
}

std::string write_pages(const std::vector<std::vector<PlacedLine>>& pages) {
  const double step = usual_step(pages);
  std::string out;
  for (const auto& lines : pages) {
    if (&lines != &pages.front()) out += '\f';
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i > 0 && lines[i].centre - lines[i - 1].centre > paragraph_step * step) out += '\n';
      write_line(out, lines[i]);
    }
  }
  return out;
}

Error unreadable(std::string why) {
  return malformed("pdf-unreadable", "the PDF cannot be read: " + std::move(why));
}

}  // namespace

bool is_pdf(BytesView document) { return document.starts_with(pdf_magic); }

Result<std::string> pdf_text(BytesView document) {
  silence_poppler();
  const std::unique_ptr<poppler::document> pdf(
      poppler::document::load_from_raw_data(document.data(), static_cast<int>(document.size())));
  if (!pdf) return unreadable("it is damaged; save it anew");
  if (pdf->is_locked()) return unreadable("it is locked by a password; save it without one");
  if (pdf->pages() > pdf_pages_max) return unreadable("it has more than 2,000 pages");
  std::vector<std::vector<PlacedLine>> pages;
  for (int i = 0; i < pdf->pages(); ++i) {
    const std::string place = "page " + std::to_string(i + 1);
    const std::unique_ptr<poppler::page> page(pdf->create_page(i));
    if (!page) return unreadable(place + " is damaged");
    auto words = upright_words(*page);
    if (!words) return unreadable("the text of " + place + " is turned; turn the page");
    pages.push_back(group_lines(*std::move(words)));
  }
  std::string text = write_pages(pages);
  if (text.find_first_not_of(" \n\f") == text.npos) {
    return unreadable("it holds pictures of text only; supply it as text");
  }
  return text;
}

}  // namespace cpl
