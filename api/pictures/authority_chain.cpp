#include "api/pictures/authority_chain.hpp"

#include <algorithm>

namespace cpl {
namespace {

constexpr std::size_t links_max = 5;
constexpr std::size_t lines_max = 3;
constexpr std::size_t signers_max = 4;
constexpr std::size_t letters_max = 21;  // Of a line in a box.
constexpr int box_width = 172;
constexpr int box_gap = 35;
constexpr int box_top = 6;
constexpr int head_height = 54;
constexpr int box_height = 250;
constexpr int text_inset = 12;

void write_frame(HtmlWriter& html, LinkState state, int x) {
  const Box whole{.x = x + 1, .y = box_top, .width = box_width - 2, .height = box_height};
  const Box band{.x = x + 1, .y = box_top, .width = box_width - 2, .height = head_height};
  write_rect(html, "sheet", whole);
  switch (state) {
    case LinkState::holds:
      write_rect(html, "band", band);
      write_rect(html, "box", whole);
      return;
    case LinkState::open:
      write_rect(html, "band open", band);
      write_rect(html, "box open", whole);
      return;
    case LinkState::broken:
      write_rect(html, "band bad", band);
      write_rect(html, "box bad", whole);
      return;
  }
}

void write_quorum(HtmlWriter& html, LinkState state, int x, int y, const std::string& words) {
  switch (state) {
    case LinkState::holds:
      write_label(html, "s b goodt", x, y, words);
      return;
    case LinkState::open:
      write_label(html, "s b warnt", x, y, words);
      return;
    case LinkState::broken:
      write_label(html, "s b badt", x, y, words);
      return;
  }
}

void write_signers(HtmlWriter& html, const std::vector<std::string>& signers, int x, int y) {
  const std::size_t shown = std::min(signers.size(), signers_max);
  for (std::size_t i = 0; i < shown; ++i) {
    write_label(html, "s", x, y, shortened(signers[i], letters_max));
    y += 20;
  }
  if (shown < signers.size()) {
    write_label(html, "s m", x, y, "and " + std::to_string(signers.size() - shown) + " more");
  }
}

void write_link_box(HtmlWriter& html, const AuthorityLink& link, int x) {
  write_frame(html, link.state, x);
  write_label(html, "b", x + text_inset, box_top + 23, shortened(link.name, letters_max - 2));
  write_label(html, "s", x + text_inset, box_top + 43, shortened(link.place, letters_max));
  int y = box_top + 78;
  for (std::size_t i = 0; i < std::min(link.lines.size(), lines_max); ++i) {
    write_label(html, "s", x + text_inset, y, shortened(link.lines[i], letters_max));
    y += 19;
  }
  y += 12;
  write_quorum(html, link.state, x + text_inset, y, shortened(link.quorum, letters_max));
  write_signers(html, link.signers, x + text_inset, y + 24);
}

}  // namespace

void write_authority_chain(HtmlWriter& html, const std::vector<AuthorityLink>& links,
                           std::string_view sentence) {
  picture_start(html, "chain", box_top * 2 + box_height, "What it rests on", sentence);
  for (std::size_t i = 0; i < std::min(links.size(), links_max); ++i) {
    const int x = static_cast<int>(i) * (box_width + box_gap);
    write_link_box(html, links[i], x);
    if (i > 0) {
      write_arrow(html, links[i - 1].state == LinkState::open, x - box_gap + 3, x - 3,
                  box_top + 27);
    }
  }
  picture_end(html, "The steps below say the same in words.");
}

}  // namespace cpl
