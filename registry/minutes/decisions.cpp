#include "registry/minutes/decisions.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/minutes/clauses.hpp"
#include "registry/minutes/doubts.hpp"
#include "registry/minutes/sentences.hpp"

namespace cpl {
namespace {

// No paragraph of minutes is longer, and a sentence takes memory many times its size.
constexpr std::size_t block_size_max = 65'536;

bool says_ex_committee(std::string_view text) {
  const std::string lower = ascii_lower(text);
  for (const std::string_view way : {"via ", "by ", "through "}) {
    for (const std::string_view article : {"", "an ", "the "}) {
      if (lower.find(std::string(way) + std::string(article) + "ex-committee") != lower.npos) {
        return true;
      }
    }
  }
  return false;
}

// A line ends a paragraph if the next word had fitted well within it, unless its last word cannot.
constexpr double short_line_max = 0.8;
// And no page is narrower than this, in characters.
constexpr std::size_t narrow_line_max = 60;

std::size_t widest_line(const std::vector<MinutesBlock>& blocks) {
  std::size_t widest = 0;
  for (const MinutesBlock& block : blocks) {
    for (const MinutesLine& line : block.lines) widest = std::max(widest, line.text.size());
  }
  return widest;
}

bool has_columns(const MinutesBlock& block) {
  return std::any_of(block.lines.begin(), block.lines.end(), [](const MinutesLine& line) {
    return line.text.find("   ") != line.text.npos || line.text.find('|') != line.text.npos;
  });
}

// A table's cell by itself: "Approved".
bool has_cell_of_decision(const MinutesBlock& block) {
  for (const MinutesLine& line : block.lines) {
    for (std::size_t at = 1; at < line.text.size(); ++at) {
      const bool begins_cell = line.text[at - 1] == '|' || (line.text.substr(at - 1, 2) == "  " &&
                                                            (at < 2 || line.text[at - 2] != '.'));
      if (!begins_cell || line.text.substr(at, 2) == "  ") continue;
      const std::string_view cell = line.text.substr(at, 64);
      const auto words = split_words(cell.substr(0, cell.find('|')));
      if (!words.empty() && is_deciding(words.front().core)) return true;
    }
  }
  return false;
}

// How the words of the last decision of a block end, where they seem not to.
struct Unfinished {
  OutlineUnplaced report;
  bool introduces = false;   // With a colon: bullets below go on with it.
  bool joins = false;        // With "; and": the next decision of the list follows.
  bool has_no_stop = false;  // With a word: whatever follows but text ends it.
  bool bullet = false;
};

class DecisionReader {
 public:
  DecisionReader(const std::vector<MinutesBlock>& blocks, const MinutesBody& body,
                 std::vector<OutlineUnplaced>& unplaced)
      : body_(body), unplaced_(unplaced), widest_line_(widest_line(blocks)) {}

  void read(const MinutesBlock& block) {
    const std::string text = block.text();
    if (text.size() > block_size_max) {
      report(block, "this paragraph is too long to be read", heal_lines({block.lines.front()}));
      return;
    }
    settle_unfinished(block, text);
    if (block.kind != MinutesBlock::Kind::action &&
        (begins_with_decision_label(text) ||
         begins_with_decision_label(block.lines.front().text))) {
      report(block, "a decision under a label", text);
    }
    if (has_cell_of_decision(block)) report(block, "a decision in a table", text);
    switch (block.kind) {
      case MinutesBlock::Kind::lead:
        close_lead();
        lead_ = &block;
        open_decisions_ = 0;
        break;
      case MinutesBlock::Kind::bullet:
        read_bullet(block, text);
        break;
      case MinutesBlock::Kind::text:
        read_paragraph(block, text);
        break;
      case MinutesBlock::Kind::note:
        read_note(block, text);
        break;
      case MinutesBlock::Kind::action:
        close_lead();
        open_decisions_ = 0;
        if (says_body_decides(text, body_)) report(block, "a decision inside an action", text);
        break;
    }
  }

  std::vector<OutlineDecision> finish() {
    close_lead();
    if (unfinished_ && !unfinished_->has_no_stop) unplaced_.push_back(unfinished_->report);
    std::uint32_t ordinal = 0;
    for (OutlineDecision& decision : decisions_) {
      decision.ordinal = ++ordinal;
      if (decision.text.ends_with(" and") || decision.text.ends_with(',')) {
        unplaced_.push_back({lines_[ordinal - 1], unfinished_reason, decision.text});
      }
      decision.text = std::string(strip_joining(decision.text));
      decision.text_sha256 = to_hex(sha256(decision.text));
      decision.ex_committee = says_ex_committee(decision.text);
    }
    return std::move(decisions_);
  }

 private:
  void read_bullet(const MinutesBlock& block, const std::string& text) {
    if (lead_ != nullptr && begins_with_decision_verb(text)) return take_led(block, text);
    if (is_formal_decision(text)) {
      if (body_introduces_) return take_led(block, text);
      return report(block, "a decision without its body: no \"The Panel:\" stands above it", text);
    }
    if (open_decisions_ != 0) {
      if (has_columns(block)) report(block, columns_reason, text);
      return extend_open_decisions(' ' + text);
    }
    if (lead_ != nullptr) {
      lead_is_used_ = true;
      return report(block, "a decision with an unknown verb", text);
    }
    take(block, text, FirstSubject::stated);
  }

  void read_paragraph(const MinutesBlock& block, const std::string& text) {
    if (lead_ != nullptr && !lead_is_used_ && begins_with_decision_verb(text)) {
      return take_led(block, text);
    }
    close_lead();
    if (is_ascii_lower(text.front())) {
      report(block, "this seems to be the rest of a sentence", text);
    }
    // An update on an outstanding action begins with the action's reference.
    const std::string_view sentences = take_action_references(text).rest;
    take(block, sentences, FirstSubject::stated, text.size() - sentences.size());
  }

  void read_note(const MinutesBlock& block, const std::string& text) {
    close_lead();
    open_decisions_ = 0;
    const auto colon = text.find(':');
    const std::string_view note =
        trim(std::string_view(text).substr(colon == text.npos ? 0 : colon + 1));
    const ClauseFindings found = find_decision_clauses(note, body_, FirstSubject::stated);
    if (!found.clauses.empty() || !found.doubts.empty() ||
        !find_sentence_doubts(note, body_, {}).empty()) {
      report(block, "a decision in a note written after the meeting", std::string(note));
    }
  }

  void take_led(const MinutesBlock& block, const std::string& text) {
    lead_is_used_ = true;
    const bool introduced = body_introduces_;
    take(block, text, FirstSubject::body);
    body_introduces_ = introduced;  // For the bullets after this one.
  }

  // `text` is the block's from `sentences_begin` on.
  void take(const MinutesBlock& block, std::string_view text, FirstSubject first,
            std::size_t sentences_begin = 0) {
    const ClauseFindings found = find_decision_clauses(text, body_, first);
    for (const DecisionClause& clause : found.clauses) {
      lines_.push_back(block.line());
      decisions_.push_back(
          {.ordinal = 0,
           .verb = clause.verb,
           .text = std::string(text.substr(clause.begin, clause.end - clause.begin)),
           .text_sha256 = {},
           .ex_committee = false,
           .formal = clause.formal && first == FirstSubject::body &&
                     block.kind == MinutesBlock::Kind::bullet});
    }
    report_doubts(block, found.doubts, sentences_begin);
    report_doubts(block, find_sentence_doubts(text, body_, found.clauses), sentences_begin);
    const bool introduces = text.ends_with(':');
    open_decisions_ = introduces && found.ends_with_clause ? count_shared(found.clauses) : 0;
    extend_open_decisions(":");
    body_introduces_ = introduces && found.ends_with_body;
    if (found.clauses.empty()) return;
    check_layout(block, text);
    check_end(block, text, found.clauses.back());
  }

  // Whether the words of a decision may hold those of another column or paragraph.
  void check_layout(const MinutesBlock& block, std::string_view text) {
    if (has_columns(block)) return report(block, columns_reason, std::string(text));
    for (std::size_t i = 0; i + 1 < block.lines.size(); ++i) {
      const std::string_view line = block.lines[i].text;
      const std::string_view below = block.lines[i + 1].text;
      const std::size_t longer = line.size() + 1 + std::min(below.find(' '), below.size());
      const bool is_short =
          longer <= narrow_line_max ||
          static_cast<double>(longer) < short_line_max * static_cast<double>(widest_line_);
      const char next = below.front();
      if (is_short && (is_ascii_upper(next) || is_ascii_digit(next)) && !ends_sentence(line) &&
          !line.ends_with('-') && !is_cut_short(line)) {
        return report(block, "these lines may be two paragraphs", std::string(text));
      }
    }
  }

  void check_end(const MinutesBlock& block, std::string_view text, const DecisionClause& last) {
    const std::string_view words = text.substr(last.begin, last.end - last.begin);
    const std::string_view tail = trim(text.substr(last.end));
    if (!strip_joining(tail).empty() && !is_one_of(strip_joining(tail), {"and", "or", "but"}))
      return;
    const bool cut = tail.empty() ? is_cut_short(words) : !ends_plainly(tail);
    const bool has_no_stop = !cut && tail.empty();
    if (!cut && !has_no_stop) return;
    unfinished_ =
        Unfinished{.report = {block.line(), unfinished_reason, std::string(text)},
                   .introduces = open_decisions_ != 0,
                   .joins = tail.starts_with(';') || (tail.starts_with(',') && tail.size() > 1),
                   .has_no_stop = has_no_stop,
                   .bullet = block.kind == MinutesBlock::Kind::bullet};
  }

  static bool ends_plainly(std::string_view tail) {
    return tail == ";" || tail.find_first_of(".!?)\"") != tail.npos;
  }

  // Called with the block that follows: does it go on as the words before it promise?
  void settle_unfinished(const MinutesBlock& block, std::string_view text) {
    if (!unfinished_) return;
    const bool bullet = block.kind == MinutesBlock::Kind::bullet;
    bool goes_on = bullet && unfinished_->joins && begins_with_decision_verb(text);
    if (unfinished_->introduces) goes_on = bullet && !is_formal_decision(text);
    if (unfinished_->has_no_stop) {
      goes_on = block.kind != MinutesBlock::Kind::text && (unfinished_->bullet || !bullet);
    }
    if (!goes_on) unplaced_.push_back(unfinished_->report);
    unfinished_.reset();
  }

  // The clauses that share the text of the last one; it is one of them.
  static std::size_t count_shared(const std::vector<DecisionClause>& clauses) {
    std::size_t count = 0;
    while (count < clauses.size() &&
           clauses[clauses.size() - 1 - count].begin == clauses.back().begin) {
      ++count;
    }
    return count;
  }

  void extend_open_decisions(const std::string& text) {
    for (std::size_t i = 0; i < open_decisions_; ++i)
      decisions_[decisions_.size() - 1 - i].text += text;
  }

  void close_lead() {
    if (lead_ != nullptr && !lead_is_used_) {
      report(*lead_, "no decision follows", lead_->text());
    }
    lead_ = nullptr;
    lead_is_used_ = false;
    body_introduces_ = false;
  }

  void report_doubts(const MinutesBlock& block, const std::vector<ClauseDoubt>& doubts,
                     std::size_t sentences_begin) {
    if (doubts.empty()) return;
    const std::vector<std::size_t> starts = healed_line_starts(block.lines);
    for (const ClauseDoubt& doubt : doubts) {
      const auto next =
          std::upper_bound(starts.begin(), starts.end(), sentences_begin + doubt.begin);
      const auto line = static_cast<std::size_t>(next - starts.begin()) - 1;
      unplaced_.push_back({block.lines[line].number, doubt.reason, doubt.sentence});
    }
  }

  void report(const MinutesBlock& block, std::string reason, std::string text) {
    unplaced_.push_back({block.line(), std::move(reason), std::move(text)});
  }

  static constexpr const char* unfinished_reason = "the words of this decision seem not to end";
  static constexpr const char* columns_reason =
      "the words of another column may be among those of this decision";

  const MinutesBody& body_;
  std::vector<OutlineUnplaced>& unplaced_;
  const std::size_t widest_line_;
  std::vector<OutlineDecision> decisions_;
  std::vector<std::size_t> lines_;  // Where each of them begins.
  std::optional<Unfinished> unfinished_;
  const MinutesBlock* lead_ = nullptr;  // The "The Panel:" that bullets stand under.
  bool lead_is_used_ = false;
  bool body_introduces_ = false;  // A sentence of the body ended in a colon: bullets are its.
  // So many of the last decisions, sharing their text, ended in a colon: bullets belong to them.
  std::size_t open_decisions_ = 0;
};

}  // namespace

std::vector<OutlineDecision> read_decisions(const std::vector<MinutesBlock>& blocks,
                                            const MinutesBody& body,
                                            std::vector<OutlineUnplaced>& unplaced) {
  DecisionReader reader(blocks, body, unplaced);
  for (const MinutesBlock& block : blocks) reader.read(block);
  return reader.finish();
}

}  // namespace cpl
