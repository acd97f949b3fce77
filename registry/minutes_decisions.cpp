#include "registry/minutes_decisions.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/minutes_clauses.hpp"

namespace cpl {
namespace {

// No paragraph of minutes is longer, and a sentence takes memory many times its size.
constexpr std::size_t block_size_max = 65'536;

bool says_ex_committee(std::string_view text) {
  const std::string lower = to_lower(text);
  for (const std::string_view way : {"via ", "by ", "through "}) {
    for (const std::string_view article : {"", "an ", "the "}) {
      if (lower.find(std::string(way) + std::string(article) + "ex-committee") != lower.npos) {
        return true;
      }
    }
  }
  return false;
}

class DecisionReader {
 public:
  DecisionReader(const MinutesBody& body, std::vector<OutlineUnplaced>& unplaced)
      : body_(body), unplaced_(unplaced) {}

  void read(const MinutesBlock& block) {
    const std::string text = block.text();
    if (text.size() > block_size_max) {
      report(block, "this paragraph is too long to be read", heal_lines({block.lines.front()}));
      return;
    }
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
        break;
    }
  }

  std::vector<OutlineDecision> finish() {
    close_lead();
    std::uint32_t ordinal = 0;
    for (OutlineDecision& decision : decisions_) {
      decision.ordinal = ++ordinal;
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
    if (open_decisions_ != 0) return extend_open_decisions(' ' + text);
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
    if (!found.clauses.empty()) {
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
      decisions_.push_back(
          {.ordinal = 0,
           .verb = clause.verb,
           .text = std::string(text.substr(clause.begin, clause.end - clause.begin)),
           .text_sha256 = {},
           .ex_committee = false});
    }
    report_doubts(block, found.doubts, sentences_begin);
    const bool introduces = text.ends_with(':');
    open_decisions_ = introduces && found.ends_with_clause ? count_shared(found.clauses) : 0;
    extend_open_decisions(":");
    body_introduces_ = introduces && found.ends_with_body;
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

  const MinutesBody& body_;
  std::vector<OutlineUnplaced>& unplaced_;
  std::vector<OutlineDecision> decisions_;
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
  DecisionReader reader(body, unplaced);
  for (const MinutesBlock& block : blocks) reader.read(block);
  return reader.finish();
}

}  // namespace cpl
