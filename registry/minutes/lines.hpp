// The lines of minutes, numbered as in the document, with the furniture of pages (page numbers,
// running headers and footers) taken out, so that a sentence may run across a page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cpl {

// What stands between a line and the one before it. A blank line ends a paragraph; the edge of a
// page ends one only if its last sentence is complete.
enum class MinutesGap : std::uint8_t { none, blank, page };

struct MinutesLine {
  std::size_t number = 0;  // From 1.
  MinutesGap gap = MinutesGap::none;
  std::string_view text;  // Trimmed, never empty; inner runs of spaces are kept.
};

struct MinutesPages {
  std::vector<MinutesLine> lines;
  std::vector<MinutesLine> running;       // Page numbers, running headers and footers.
  std::vector<std::size_t> without_text;  // Where pages begin that have no other lines.
};

// Views into `text`, which has been tidied (minutes_text.hpp). Form feeds begin pages. Text
// converted from a PDF may have lost them: there, a single space before a line marks the top of a
// page.
MinutesPages split_minutes_lines(std::string_view text);

// The lines as one text: a space for each line break, and none after a hyphen ("cross-"
// "checking").
std::string heal_lines(const std::vector<MinutesLine>& lines);
// Where each of the lines begins in that text.
std::vector<std::size_t> healed_line_starts(const std::vector<MinutesLine>& lines);

// Whether the line is complete as a sentence, a list entry or the introduction of a list.
bool ends_sentence(std::string_view line);

}  // namespace cpl
