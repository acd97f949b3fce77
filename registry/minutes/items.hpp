// The items of minutes and the blocks they are made of: paragraphs, bullets, actions, notes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "registry/minutes/body.hpp"
#include "registry/minutes/lines.hpp"
#include "registry/minutes/minutes.hpp"

namespace cpl {

struct MinutesBlock {
  enum class Kind : std::uint8_t {
    text,
    lead,  // "The Panel:"
    bullet,
    action,
    note,  // "Post Meeting Note: …"
  };
  Kind kind = Kind::text;
  std::vector<MinutesLine> lines;  // Never empty. A bullet's are without its mark.

  std::size_t line() const { return lines.front().number; }
  std::string text() const { return heal_lines(lines); }
};

struct MinutesSection {
  MinutesLine heading;
  std::uint32_t number = 0;
  std::string title;
  bool in_sequence = true;  // If not, no item may claim its text.
  std::vector<MinutesLine> body;
};

struct MinutesSections {
  std::vector<MinutesLine> front;  // All before the first item.
  std::vector<MinutesSection> items;
};

// Reports gaps and headings out of sequence.
MinutesSections split_items(const std::vector<MinutesLine>& lines,
                            std::vector<OutlineUnplaced>& unplaced);

// Reads past the numbers of paragraphs: "2.1", in item 2 or in whatever stands apart.
std::vector<MinutesBlock> split_blocks(const std::vector<MinutesLine>& lines,
                                       const MinutesBody& body, std::uint32_t item);

}  // namespace cpl
