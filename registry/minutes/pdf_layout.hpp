// Where the words of a PDF's page stand, and what of them is not its running text: marks across the
// page, raised marks of footnotes, footnotes, and a column at the side.
#pragma once

#include <string>
#include <vector>

namespace cpl {

// In points, from the upper left corner of the page.
struct PlacedWord {
  double left = 0;
  double right = 0;
  double top = 0;
  double bottom = 0;
  double size = 0;   // Of the font.
  int rotation = 0;  // In quarter turns.
  std::string text;

  double centre() const { return (top + bottom) / 2; }
  double height() const { return bottom - top; }
};

struct PlacedLine {
  double centre = 0;
  double height = 0;
  std::vector<PlacedWord> words;  // From left to right.
};

// What was taken off a page.
struct PageRemark {
  std::string reason;
  std::string text;
};

struct PlacedPage {
  double width = 0;
  std::vector<PlacedWord> words;
};

// The size that most letters have.
double usual_font_size(const std::vector<PlacedPage>& pages);

// Takes off words that are turned, at an angle, or large and across others.
std::vector<PageRemark> take_marks(std::vector<PlacedWord>& words, double usual_size);

// Takes off the raised number of a footnote behind a word; "th" and the like stay.
std::vector<PageRemark> take_raised_marks(std::vector<PlacedWord>& words);

std::vector<PlacedLine> group_lines(std::vector<PlacedWord> words);

// Takes off what stands to the right of paragraphs, apart from them.
std::vector<PageRemark> take_side_column(std::vector<PlacedLine>& lines, double page_width);

// Takes off lines in small print that begin with a number, at the foot of the page.
std::vector<PageRemark> take_footnotes(std::vector<PlacedLine>& lines, double usual_size);

}  // namespace cpl
