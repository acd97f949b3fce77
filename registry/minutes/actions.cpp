#include "registry/minutes/actions.hpp"

#include <algorithm>

namespace cpl {
namespace {

constexpr std::string_view action_word = "ACTION";
constexpr std::size_t owner_words_max = 8;

// "SECAS to set up …": SECAS.
std::optional<std::string> find_owner(std::string_view text) {
  const auto words = split_words(text.substr(0, 200));
  for (std::size_t i = 1; i < words.size() && i <= owner_words_max; ++i) {
    if (same_word(words[i].core, "to")) return std::string(trim(text.substr(0, words[i].begin)));
  }
  return std::nullopt;
}

std::string_view skip_reference_mark(std::string_view text) {
  for (const std::string_view mark : {":", "-", "\u2013", "\u2014"}) {
    if (text.starts_with(mark)) return trim(text.substr(mark.size()));
  }
  return text;
}

// A row of the table of updates. Its references may go on in its second line, beside the text.
struct Row {
  std::vector<std::string> refs;
  std::string text;
};

std::string body_of(const std::string& ref) {
  return ref.substr(0, ref.find_first_of("0123456789"));
}

Row read_row(const MinutesBlock& block) {
  Row row;
  std::vector<MinutesLine> text_lines;
  for (MinutesLine line : block.lines) {
    const std::string body = row.refs.empty() ? std::string() : body_of(row.refs.front());
    // Past the first line, only a line that begins by going on with the list is one of it.
    const bool may_hold_refs = row.refs.empty() || line.text.starts_with('&') ||
                               line.text.starts_with(',') || text_lines.empty();
    if (may_hold_refs) {
      const ActionReferences taken = take_action_references(line.text, body);
      row.refs.insert(row.refs.end(), taken.refs.begin(), taken.refs.end());
      line.text = taken.rest;
      if (line.text == "," || line.text == "&" || line.text == "and") line.text = {};
    }
    if (row.refs.empty()) return row;
    if (!line.text.empty()) text_lines.push_back(line);
  }
  row.text = heal_lines(text_lines);
  return row;
}

// Whether the block seems meant to begin with an action's reference: letters, digits and a slash.
bool looks_like_reference(std::string_view text) {
  const std::string_view word = text.substr(0, text.find(' '));
  return word.size() > 3 && is_capitals(word.substr(0, 2), 2) &&
         word.find_first_of("0123456789") != word.npos && word.find('/') != word.npos;
}

}  // namespace

ActionReader::ActionReader(const OutlineMeeting& meeting, std::vector<OutlineUnplaced>& unplaced)
    : own_prefix_(meeting.body + std::to_string(meeting.number) + "/"), unplaced_(unplaced) {
  std::erase(own_prefix_, '_');
}

void ActionReader::report(const MinutesBlock& block, std::string reason, std::string text) {
  unplaced_.push_back({block.line(), std::move(reason), std::move(text)});
}

bool ActionReader::is_of_meeting(const std::string& ref) const {
  return ref.starts_with(own_prefix_);
}

void ActionReader::read(const MinutesBlock& block, std::vector<OutlineAction>& actions) {
  const std::string whole = block.text();
  const ActionReferences taken =
      take_action_references(std::string_view(whole).substr(action_word.size()));
  const std::string text(skip_reference_mark(taken.rest));
  if (taken.refs.empty()) return report(block, "an action without a readable reference", whole);
  if (text.empty()) return report(block, "an action that says nothing", whole);
  for (const std::string& ref : taken.refs) {
    if (!is_of_meeting(ref)) {
      report(block, "action " + ref + " has the reference of another meeting", whole);
    } else if (!seen_.insert(ref).second) {
      report(block, "action " + ref + " was given before", whole);
    } else {
      actions.push_back(
          {.ref = ref, .owner = find_owner(text), .text = text, .due = find_due_date(text)});
    }
  }
}

void ActionReader::read_outstanding(const std::string& title,
                                    const std::vector<MinutesBlock>& blocks,
                                    std::vector<OutlineOutstandingAction>& outstanding) {
  const auto title_words = split_words(title);
  if (std::none_of(title_words.begin(), title_words.end(),
                   [](const MinutesWord& word) { return same_word(word.core, "actions"); })) {
    return;
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const MinutesBlock& block = blocks[i];
    if (block.kind != MinutesBlock::Kind::text) continue;
    Row row = read_row(block);
    if (row.refs.empty()) {
      if (looks_like_reference(block.lines.front().text)) {
        report(block, "an outstanding action without a readable reference", block.text());
      }
      continue;
    }
    // A row in two columns may come as two paragraphs: the references, then the text.
    if (row.text.empty() && i + 1 < blocks.size() &&
        blocks[i + 1].kind == MinutesBlock::Kind::text && read_row(blocks[i + 1]).refs.empty()) {
      row.text = blocks[++i].text();
    }
    if (row.text.empty()) report(block, "an outstanding action without an update", block.text());
    for (const std::string& ref : row.refs) {
      if (!seen_outstanding_.insert(ref).second) {
        report(block, "outstanding action " + ref + " was given before", block.text());
      } else if (!row.text.empty()) {
        outstanding.push_back({ref, row.text});
      }
    }
  }
}

}  // namespace cpl
