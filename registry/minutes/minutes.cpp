#include "registry/minutes/minutes.hpp"

#include <algorithm>
#include <set>

#include "crypto/encoding.hpp"
#include "registry/minutes/actions.hpp"
#include "registry/minutes/admissions.hpp"
#include "registry/minutes/clauses.hpp"
#include "registry/minutes/decisions.hpp"
#include "registry/minutes/doubts.hpp"
#include "registry/minutes/front.hpp"
#include "registry/minutes/handling.hpp"
#include "registry/minutes/items.hpp"
#include "registry/minutes/model_mentions.hpp"
#include "registry/minutes/pdf_text.hpp"
#include "registry/minutes/sentences.hpp"
#include "registry/minutes/text.hpp"

namespace cpl {
namespace {

constexpr std::size_t line_size_max = 65'536;

struct DocumentText {
  std::string text;
  std::vector<PdfRemark> remarks;
};

Result<DocumentText> text_of(BytesView document) {
  if (document.empty()) return malformed("minutes-empty", "the document is empty");
  if (document.size() > minutes_size_max) {
    return Error{Errc::too_large, "minutes-too-large",
                 "minutes may have at most 16 MiB; check that this is the right file", 0};
  }
  DocumentText read;
  if (is_pdf(document)) {
    PdfText pdf = TRY(pdf_text(document));
    read = {std::move(pdf.text), std::move(pdf.remarks)};
    if (read.text.size() > minutes_size_max) {
      return Error{Errc::too_large, "minutes-too-large",
                   "the PDF holds more than 16 MiB of text; check that this is the right file", 0};
    }
  } else {
    read.text = document;
  }
  if (!is_printable_utf8(read.text, "\t\n\r\f")) {
    return malformed("minutes-not-text",
                     "the document is neither a PDF nor text in UTF-8; save it as one of them");
  }
  read.text = tidy_minutes_text(read.text);
  return read;
}

Result<MinutesPages> lines_of(std::string_view text) {
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

// The lines on which pages begin.
class PageBegins {
 public:
  explicit PageBegins(std::string_view text) : text_(text) {}

  // Pages in their order.
  std::size_t line_of(std::size_t page) {
    for (; page_ < page && at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] == '\f') ++page_;
    }
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t page_ = 1;
  std::size_t line_ = 1;
};

// What the document as a whole says of itself, in its heading, its running lines and its marks.
struct DocumentMarks {
  bool confidential = false;
  bool draft = false;

  void add(std::string_view line, bool running) {
    confidential = confidential || is_marked_confidential(line);
    draft = draft || (running && is_marked_draft(line));
  }
};

// Letters that stand apart: "D R A F T".
std::string close_up(std::string_view text) {
  std::string out(text);
  std::erase(out, ' ');
  return out;
}

DocumentMarks marks_of(const MinutesPages& pages, const std::vector<MinutesLine>& front,
                       const std::vector<PdfRemark>& remarks) {
  DocumentMarks marks;
  for (const MinutesLine& line : front) marks.add(line.text, false);
  for (const MinutesLine& line : pages.running) marks.add(line.text, true);
  for (const PdfRemark& remark : remarks) {
    const std::string text = ascii_lower(close_up(remark.text));
    marks.add(remark.text, remark.reason == page_mark_reason);
    if (remark.reason != page_mark_reason) continue;
    marks.confidential = marks.confidential || text.find("confidential") != text.npos;
    marks.draft = marks.draft || text.find("draft") != text.npos;
  }
  return marks;
}

// What is not in the lines, or was taken out of them.
void report_pages(const MinutesPages& pages, const DocumentText& document,
                  std::vector<OutlineUnplaced>& unplaced) {
  PageBegins begins(document.text);
  for (const PdfRemark& remark : document.remarks) {
    unplaced.push_back({begins.line_of(remark.page),
                        "page " + std::to_string(remark.page) + ": " + remark.reason,
                        squeeze_spaces(tidy_minutes_text(remark.text))});
  }
  for (const std::size_t line : pages.without_text) {
    unplaced.push_back({line, "a page without text of its own: it may be a picture", ""});
  }
  for (const MinutesLine& line : pages.running) {
    const auto words = split_words(line.text);
    if (std::any_of(words.begin(), words.end(),
                    [](const MinutesWord& word) { return is_deciding(word.core); })) {
      unplaced.push_back({line.number, "a running line of the pages that speaks of a decision",
                          squeeze_spaces(line.text)});
    }
  }
}

std::string note_text(const std::string& block) {
  const auto colon = block.find(':');
  return colon == block.npos ? block : std::string(trim(std::string_view(block).substr(colon + 1)));
}

class OutlineBuilder {
 public:
  OutlineBuilder(MinutesFront front, DocumentMarks marks, std::vector<OutlineUnplaced> unplaced)
      : body_(front.meeting.body, front.body_name),
        marks_(marks),
        unplaced_(std::move(unplaced)),
        actions_(front.meeting, unplaced_) {
    outline_.meeting = std::move(front.meeting);
    outline_.attendance = std::move(front.attendance);
    outline_.apologies = std::move(front.apologies);
    believe_draft_mark();
  }
  OutlineBuilder(const OutlineBuilder&) = delete;
  OutlineBuilder& operator=(const OutlineBuilder&) = delete;

  void check_front(const std::vector<MinutesLine>& lines) {
    for (const MinutesLine& line : lines) {
      if (says_body_decides(line.text, body_) || !find_model_mentions(line.text).empty()) {
        report(line.number, "this may be a decision before the first item", line.text);
      }
    }
  }

  void add(const MinutesSection& section) {
    const std::vector<MinutesBlock> blocks = split_blocks(section.body, body_, section.number);
    if (!section.in_sequence) return report_out_of_sequence(section, blocks);
    check_title(section, blocks);
    OutlineItem item{.number = section.number,
                     .title = section.title,
                     .confidential = marks_.confidential || is_marked_confidential(section.title),
                     .decisions = read_decisions(blocks, body_, unplaced_),
                     .actions = {},
                     .notes = {}};
    for (const MinutesBlock& block : blocks) {
      const std::string text = block.text();
      if (block.kind == MinutesBlock::Kind::action) actions_.read(block, item.actions);
      if (block.kind == MinutesBlock::Kind::note) item.notes.push_back(note_text(text));
      item.confidential = item.confidential || says_confidential(text);
      check_actions(block);
    }
    check_models(section, blocks, item);
    item.admissions = read_admissions(blocks, unplaced_);
    actions_.read_outstanding(section.title, blocks, outline_.outstanding_actions);
    outline_.items.push_back(std::move(item));
  }

  // One report a sentence, in the order of the lines.
  MinutesOutline finish() {
    std::stable_sort(unplaced_.begin(), unplaced_.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    std::set<std::pair<std::size_t, std::string>> told;
    std::erase_if(unplaced_, [&told](const OutlineUnplaced& each) {
      return !told.emplace(each.line, each.text).second;
    });
    outline_.unplaced = std::move(unplaced_);
    return std::move(outline_);
  }

 private:
  void report(std::size_t line, std::string reason, std::string_view text) {
    unplaced_.push_back({line, std::move(reason), squeeze_spaces(text)});
  }

  void believe_draft_mark() {
    auto& status = outline_.meeting.status;
    if (!marks_.draft || status == MinutesStatus::draft) return;
    if (status) {
      report(1, "the minutes call themselves final, and their pages are marked as a draft", "");
      return status.reset();
    }
    status = MinutesStatus::draft;
  }

  void report_out_of_sequence(const MinutesSection& section,
                              const std::vector<MinutesBlock>& blocks) {
    report(section.heading.number, "an item's number is out of sequence", section.heading.text);
    for (const MinutesBlock& block : blocks) {
      report(block.line(), "the text of an item whose number is out of sequence", block.text());
    }
  }

  void check_actions(const MinutesBlock& block) {
    if (block.kind == MinutesBlock::Kind::action) return;
    for (const MinutesLine& line : block.lines) {
      if (looks_like_action(line.text)) report(line.number, "this may be an action", line.text);
    }
  }

  // Every model that the item names must be in the words of one of its decisions.
  void check_models(const MinutesSection& section, const std::vector<MinutesBlock>& blocks,
                    const OutlineItem& item) {
    std::set<ModelId> decided;
    for (const OutlineDecision& decision : item.decisions) {
      for (ModelMention& mention : find_model_mentions(decision.text)) {
        if (mention.id) decided.insert(*std::move(mention.id));
      }
    }
    check_mentions(section.heading.number, section.title, decided);
    for (const MinutesBlock& block : blocks) check_mentions(block.line(), block.text(), decided);
  }

  void check_mentions(std::size_t line, std::string_view text, const std::set<ModelId>& decided) {
    for (const ModelMention& mention : find_model_mentions(text)) {
      if (mention.id && decided.contains(*mention.id)) continue;
      return report(line,
                    mention.id
                        ? "no decision of the item holds the Device Model " + mention.id->text()
                        : "this looks like a Device Model's id and cannot be read as one",
                    text);
    }
  }

  // A heading is one line. What follows at once, alone and without a full stop, may be the rest of
  // it.
  void check_title(const MinutesSection& section, const std::vector<MinutesBlock>& blocks) {
    if (says_body_decides(section.title, body_) || ends_sentence(section.title)) {
      report(section.heading.number, "this heading may be a sentence", section.title);
    }
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
  DocumentMarks marks_;
  std::vector<OutlineUnplaced> unplaced_;
  ActionReader actions_;
  MinutesOutline outline_;
};

}  // namespace

Result<MinutesOutline> read_minutes(BytesView document) {
  const DocumentText read = TRY(text_of(document));
  const MinutesPages pages = TRY(lines_of(read.text));
  std::vector<OutlineUnplaced> unplaced;
  report_pages(pages, read, unplaced);
  const MinutesSections sections = split_items(pages.lines, unplaced);
  MinutesFront front = TRY(read_minutes_front(sections.front, unplaced));
  if (sections.items.empty()) {
    return malformed("minutes-without-items",
                     "no line like \"1. Minutes and Actions Outstanding\" begins an item");
  }
  OutlineBuilder builder(std::move(front), marks_of(pages, sections.front, read.remarks),
                         std::move(unplaced));
  builder.check_front(sections.front);
  for (const MinutesSection& section : sections.items) builder.add(section);
  return builder.finish();
}

std::string minutes_words(std::string_view typed) {
  std::string text = tidy_minutes_text(typed);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\f'; }, ' ');
  return std::string(strip_joining(squeeze_spaces(text)));
}

}  // namespace cpl
