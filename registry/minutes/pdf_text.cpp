#include "registry/minutes/pdf_text.hpp"

#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-global.h>
#include <poppler/cpp/poppler-page.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "registry/minutes/pdf_layout.hpp"

namespace cpl {
namespace {

constexpr std::string_view pdf_magic = "%PDF-";

// Distances, as multiples of the height of a line.
constexpr double joined_gap_max = 0.12;  // Of parts of one word.
constexpr double column_gap_min = 1.8;
// A step between lines that is larger than the usual one by this factor is one of paragraphs.
constexpr double paragraph_step = 1.3;

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

std::vector<PlacedWord> words_of(const poppler::page& page) {
  std::vector<PlacedWord> words;
  for (const poppler::text_box& box : page.text_list(poppler::page::text_list_include_font)) {
    const poppler::rectf place = box.bbox();
    words.push_back({.left = place.left(),
                     .right = place.right(),
                     .top = std::min(place.top(), place.bottom()),
                     .bottom = std::max(place.top(), place.bottom()),
                     .size = box.get_font_size(),
                     .rotation = box.rotation(),
                     .text = printable(box.text())});
  }
  return words;
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

// The usual step from line to line: one of the smallest, since paragraphs and tables only add to
// it; lines closer than their letters are high are parts of one.
double usual_step(const std::vector<std::vector<PlacedLine>>& pages) {
  std::vector<double> steps;
  for (const auto& lines : pages) {
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const double step = lines[i].centre - lines[i - 1].centre;
      if (step >= 0.9 * lines[i].height) steps.push_back(step);
    }
  }
  if (steps.empty()) return 0;
  const auto small = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 10);
  std::nth_element(steps.begin(), small, steps.end());
  return *small;
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

Result<std::vector<PlacedPage>> pages_of(const poppler::document& pdf) {
  std::vector<PlacedPage> pages;
  for (int i = 0; i < pdf.pages(); ++i) {
    const std::string place = "page " + std::to_string(i + 1);
    const std::unique_ptr<poppler::page> page(pdf.create_page(i));
    if (!page) return unreadable(place + " is damaged");
    pages.push_back({page->page_rect().width(), words_of(*page)});
    const auto& words = pages.back().words;
    const bool upright = std::any_of(words.begin(), words.end(),
                                     [](const PlacedWord& word) { return word.rotation == 0; });
    if (!words.empty() && !upright) {
      return unreadable("the text of " + place + " is turned; turn the page");
    }
  }
  return pages;
}

// The lines of a page's running text; what is none goes to the remarks.
std::vector<PlacedLine> lines_of(PlacedPage& page, double usual_size,
                                 std::vector<PageRemark>& remarks) {
  const auto remark = [&remarks](std::vector<PageRemark> more) {
    std::move(more.begin(), more.end(), std::back_inserter(remarks));
  };
  if (page.words.empty()) {
    remark({{"a page without text: it may be a picture", ""}});
    return {};
  }
  remark(take_marks(page.words, usual_size));
  remark(take_raised_marks(page.words));
  std::vector<PlacedLine> lines = group_lines(std::move(page.words));
  remark(take_side_column(lines, page.width));
  remark(take_footnotes(lines, usual_size));
  return lines;
}

}  // namespace

bool is_pdf(BytesView document) { return document.starts_with(pdf_magic); }

Result<PdfText> pdf_text(BytesView document) {
  silence_poppler();
  const std::unique_ptr<poppler::document> pdf(
      poppler::document::load_from_raw_data(document.data(), static_cast<int>(document.size())));
  if (!pdf) return unreadable("it is damaged; save it anew");
  if (pdf->is_locked()) return unreadable("it is locked by a password; save it without one");
  if (pdf->pages() > pdf_pages_max) return unreadable("it has more than 2,000 pages");
  std::vector<PlacedPage> pages = TRY(pages_of(*pdf));
  const double size = usual_font_size(pages);
  PdfText read;
  std::vector<std::vector<PlacedLine>> lines;
  for (PlacedPage& page : pages) {
    std::vector<PageRemark> remarks;
    lines.push_back(lines_of(page, size, remarks));
    for (PageRemark& remark : remarks) {
      read.remarks.push_back({lines.size(), std::move(remark.reason), std::move(remark.text)});
    }
  }
  read.text = write_pages(lines);
  if (read.text.find_first_not_of(" \n\f") == read.text.npos) {
    return unreadable("it holds pictures of text only; supply it as text");
  }
  return read;
}

}  // namespace cpl
