#include "registry/minutes.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "registry/minutes_actions.hpp"
#include "registry/minutes_decisions.hpp"
#include "registry/minutes_front.hpp"
#include "registry/minutes_items.hpp"
#include "registry/pdf_text.hpp"

namespace cpl {
namespace {

constexpr std::size_t line_size_max = 65'536;

Result<std::string> text_of(BytesView document) {
  if (document.empty()) return malformed("minutes-empty", "the document is empty");
  if (document.size() > minutes_size_max) {
    return Error{Errc::too_large, "minutes-too-large",
                 "minutes may have at most 16 MiB; check that this is the right file", 0};
  }
  std::string text;
  if (is_pdf(document)) {
    text = TRY(pdf_text(document));
    if (text.size() > minutes_size_max) {
      return Error{Errc::too_large, "minutes-too-large",
                   "the PDF holds more than 16 MiB of text; check that this is the right file", 0};
    }
  } else {
    text = document;
  }
  if (!is_printable_utf8(text, "\t\n\r\f")) {
    return malformed("minutes-not-text",
                     "the document is neither a PDF nor text in UTF-8; save it as one of them");
  }
  return tidy_minutes_text(text);
}

Result<std::vector<MinutesLine>> lines_of(std::string_view text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end - begin > line_size_max) {
      return malformed("minutes-line-too-long",
                       "a line has more than 65,536 octets: these are not minutes in lines");
    }
    begin = end + 1;
  }
  return split_minutes_lines(text);
}

// See "Confidential" in the grammar.
bool says_confidential(std::string_view text) {
  const auto words = split_words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!same_word(words[i].core, "confidential")) continue;
    for (std::size_t next = i + 1; next < words.size() && next <= i + 2; ++next) {
      const std::string_view word = words[next].core;
      for (const std::string_view noun :
           {"minutes", "minute", "paper", "papers", "report", "reports", "session"}) {
        if (same_word(word, noun)) return true;
      }
    }
  }
  return false;
}

std::string note_text(const std::string& block) {
  const auto colon = block.find(':');
  return colon == block.npos ? block : std::string(trim(std::string_view(block).substr(colon + 1)));
}

class OutlineBuilder {
 public:
  OutlineBuilder(MinutesFront front, std::vector<OutlineUnplaced> unplaced)
      : body_(front.meeting.body, front.body_name),
        unplaced_(std::move(unplaced)),
        actions_(front.meeting, unplaced_) {
    outline_.meeting = std::move(front.meeting);
    outline_.attendance = std::move(front.attendance);
    outline_.apologies = std::move(front.apologies);
  }
  OutlineBuilder(const OutlineBuilder&) = delete;
  OutlineBuilder& operator=(const OutlineBuilder&) = delete;

  void add(const MinutesSection& section) {
    const std::vector<MinutesBlock> blocks = split_blocks(section.body, body_);
    if (!section.in_sequence) return report_out_of_sequence(section, blocks);
    check_title(section, blocks);
    OutlineItem item{.number = section.number,
                     .title = section.title,
                     .confidential = false,
                     .decisions = read_decisions(blocks, body_, unplaced_),
                     .actions = {},
                     .notes = {}};
    for (const MinutesBlock& block : blocks) {
      const std::string text = block.text();
      if (block.kind == MinutesBlock::Kind::action) actions_.read(block, item.actions);
      if (block.kind == MinutesBlock::Kind::note) item.notes.push_back(note_text(text));
      item.confidential = item.confidential || says_confidential(text);
    }
    actions_.read_outstanding(section.title, blocks, outline_.outstanding_actions);
    outline_.items.push_back(std::move(item));
  }

  MinutesOutline finish() {
    std::stable_sort(unplaced_.begin(), unplaced_.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    outline_.unplaced = std::move(unplaced_);
    return std::move(outline_);
  }

 private:
  void report_out_of_sequence(const MinutesSection& section,
                              const std::vector<MinutesBlock>& blocks) {
    unplaced_.push_back({section.heading.number, "an item's number is out of sequence",
                         squeeze_spaces(section.heading.text)});
    for (const MinutesBlock& block : blocks) {
      unplaced_.push_back(
          {block.line(), "the text of an item whose number is out of sequence", block.text()});
    }
  }

  // A heading is one line. What follows at once, alone and without a full stop, may be the rest of
  // it.
  void check_title(const MinutesSection& section, const std::vector<MinutesBlock>& blocks) {
    if (blocks.empty()) return;
    const MinutesBlock& first = blocks.front();
    const bool at_once = first.lines.size() == 1 && first.lines.front().gap == MinutesGap::none;
    if (!at_once || first.kind != MinutesBlock::Kind::text || ends_sentence(first.text()) ||
        starts_with_word(first.text(), "the")) {
      return;
    }
    unplaced_.push_back(
        {first.line(),
         "this may be the rest of the title of item " + std::to_string(section.number),
         first.text()});
  }

  MinutesBody body_;
  std::vector<OutlineUnplaced> unplaced_;
  ActionReader actions_;
  MinutesOutline outline_;
};

}  // namespace

Result<MinutesOutline> read_minutes(BytesView document) {
  const std::string text = TRY(text_of(document));
  const std::vector<MinutesLine> lines = TRY(lines_of(text));
  std::vector<OutlineUnplaced> unplaced;
  const MinutesSections sections = split_items(lines, unplaced);
  MinutesFront front = TRY(read_minutes_front(sections.front, unplaced));
  if (sections.items.empty()) {
    return malformed("minutes-without-items",
                     "no line like \"1. Minutes and Actions Outstanding\" begins an item");
  }
  OutlineBuilder builder(std::move(front), std::move(unplaced));
  for (const MinutesSection& section : sections.items) builder.add(section);
  return builder.finish();
}

}  // namespace cpl
