#include "registry/minutes/items.hpp"

#include <optional>

#include "crypto/encoding.hpp"
#include "registry/minutes/sentences.hpp"

namespace cpl {
namespace {

// Items that may be missing in a row. A larger leap is no gap but a number of something else.
constexpr std::uint32_t gap_items_max = 10;

struct Numbered {
  std::uint32_t number = 0;
  std::string_view title;
};

// "7. Use of the Certified Products List by the DCC"
std::optional<Numbered> parse_numbered(std::string_view line) {
  std::size_t digits = 0;
  std::uint32_t number = 0;
  while (digits < line.size() && digits < 4 && is_ascii_digit(line[digits])) {
    number = number * 10 + static_cast<std::uint32_t>(line[digits++] - '0');
  }
  if (digits < 1 || digits > 3 || digits >= line.size() || line[digits] != '.') return std::nullopt;
  const std::string_view title = trim(line.substr(digits + 1));
  if (title.empty() || is_ascii_lower(title.front())) return std::nullopt;
  if (line[digits + 1] != ' ' && !is_ascii_upper(title.front())) return std::nullopt;
  return Numbered{number, title};
}

// "2 Title", "2) Title", "Item 2: Title": a heading in a form that the grammar does not know.
bool looks_like_heading(std::string_view line, std::uint32_t number) {
  for (const std::string_view word : {"agenda item", "item"}) {
    if (starts_with_word(line, word)) line = trim(line.substr(word.size()));
  }
  const std::string digits = std::to_string(number);
  if (!line.starts_with(digits)) return false;
  line.remove_prefix(digits.size());
  const bool marked = line.starts_with(')') || line.starts_with(':') || line.starts_with(" -");
  if (!marked && !line.starts_with(' ')) return false;
  while (!line.empty() && std::string_view("):- ").find(line.front()) != std::string_view::npos) {
    line.remove_prefix(1);
  }
  return !line.empty() && is_ascii_upper(line.front());
}

bool reads_as_list_entry(std::string_view title) {
  return title.ends_with(';') || title.ends_with(',') || title.ends_with(':') ||
         title.ends_with(" and") || title.ends_with(" or") || is_formal_decision(title);
}

class ItemSplitter {
 public:
  explicit ItemSplitter(std::vector<OutlineUnplaced>& unplaced) : unplaced_(unplaced) {}

  void add(const MinutesLine& line) {
    const auto numbered = parse_numbered(line.text);
    if (!numbered || !begins_section(line, *numbered)) {
      const bool apart = line.gap != MinutesGap::none || ends_sentence(last_text_);
      if (!numbered && apart && !sections_.items.empty() && looks_like_heading(line.text, next_)) {
        unplaced_.push_back(
            {line.number, "this may be the heading of an item", squeeze_spaces(line.text)});
      }
      (sections_.items.empty() ? sections_.front : sections_.items.back().body).push_back(line);
    }
    last_text_ = line.text;
  }

  MinutesSections take() { return std::move(sections_); }

 private:
  bool begins_section(const MinutesLine& line, const Numbered& numbered) {
    const bool apart = line.gap != MinutesGap::none;
    if (!apart && !sections_.items.empty() && !ends_sentence(last_text_)) return false;
    if (reads_as_list_entry(numbered.title)) return false;
    if (continues_list(line, numbered)) return false;
    const bool leap = numbered.number < next_ || (numbered.number > next_ && !apart) ||
                      numbered.number > next_ + gap_items_max;
    if (numbered.number != next_ && numbered.title.ends_with('.')) return false;
    if (leap && sections_.items.empty()) return false;  // The front reports what it cannot place.
    if (!leap && numbered.number > next_) report_gap(line, numbered.number);
    if (!leap) next_ = numbered.number + 1;
    list_next_ = 0;
    sections_.items.push_back({.heading = line,
                               .number = numbered.number,
                               .title = squeeze_spaces(numbered.title),
                               .in_sequence = !leap,
                               .body = {}});
    return true;
  }

  // A numbered list begins with 1 after a colon and goes on as long as its numbers do. Where its
  // next number is also that of the next item, a person must look.
  bool continues_list(const MinutesLine& line, const Numbered& numbered) {
    const bool begins = numbered.number == 1 && last_text_.ends_with(':') && next_ > 1;
    if (!begins && (list_next_ == 0 || numbered.number != list_next_)) return false;
    list_next_ = numbered.number + 1;
    if (numbered.number == next_) {
      unplaced_.push_back({line.number,
                           "this may be an item's heading; it was read as an entry of a list",
                           squeeze_spaces(line.text)});
    }
    return true;
  }

  void report_gap(const MinutesLine& line, std::uint32_t number) {
    const std::string missing = number - next_ == 1
                                    ? "item " + std::to_string(next_) + " is missing"
                                    : "items " + std::to_string(next_) + " to " +
                                          std::to_string(number - 1) + " are missing";
    unplaced_.push_back({line.number, "the numbering of items has a gap",
                         missing + " before item " + std::to_string(number)});
  }

  std::vector<OutlineUnplaced>& unplaced_;
  MinutesSections sections_;
  std::string_view last_text_;
  std::uint32_t next_ = 1;
  std::uint32_t list_next_ = 0;  // 0 outside of numbered lists.
};

// The size of the bullet's mark and the space after it, or 0. `sure` tells marks that are nothing
// else from those that may also be a dash or a number inside a sentence.
struct BulletMark {
  std::size_t size = 0;
  bool sure = false;
};

std::size_t enumerator_size(std::string_view line) {
  const std::size_t begin = line.starts_with('(') ? 1 : 0;
  std::size_t end = begin;
  while (end < line.size() && end - begin < 4 &&
         (is_ascii_lower(line[end]) || is_ascii_digit(line[end]))) {
    ++end;
  }
  if (end == begin || end + 1 >= line.size() || line[end + 1] != ' ') return 0;
  const bool closed = line[end] == ')' || (begin == 0 && line[end] == '.');
  return closed ? end + 1 : 0;
}

BulletMark bullet_mark(std::string_view line) {
  static constexpr std::string_view sure_marks[] = {
      "\u2022", "\u25AA", "\u25AB", "\u25CF", "\u25CB", "\u25E6", "\u25A0", "\u25A1",
      "\u00B7", "\uF0B7", "\uF0A7", "\uF0D8", "\uF0FC", "\uF0A8", "\u2023", "\u2043",
      "\u27A2", "\u2713", "\u25BA", "\u25B6", "\u203A", "\u00BB"};
  for (const std::string_view mark : sure_marks) {
    if (line.starts_with(mark)) return {mark.size(), true};
  }
  for (const std::string_view mark : {"-", "\u2013", "\u2014", "\u2212", "*", "o", ">"}) {
    if (line.starts_with(mark) && line.substr(mark.size()).starts_with(' ')) {
      return {mark.size(), false};
    }
  }
  return {enumerator_size(line), false};
}

// "2.2", "2.2.", "12.1.3": the size of a paragraph's number and the space after it, or 0. `first`
// is the number before its first point.
std::size_t paragraph_number_size(std::string_view line, std::uint32_t& first) {
  std::size_t at = 0;
  std::size_t parts = 0;
  while (at < line.size() && is_ascii_digit(line[at])) {
    std::uint32_t number = 0;
    const std::size_t begin = at;
    while (at < line.size() && at - begin < 4 && is_ascii_digit(line[at])) {
      number = number * 10 + static_cast<std::uint32_t>(line[at++] - '0');
    }
    if (parts++ == 0) first = number;
    if (at >= line.size() || line[at] != '.') break;
    ++at;
  }
  if (at < line.size() && line[at] == ')') ++at;
  if (parts < 2 || at >= line.size() || line[at] != ' ') return 0;
  const std::string_view rest = trim(line.substr(at));
  if (rest.empty() || is_ascii_lower(rest.front()) || is_ascii_digit(rest.front())) return 0;
  return line.size() - rest.size();
}

bool is_action_line(std::string_view line) {
  if (!starts_with_word(line, "ACTION")) return false;
  const std::string_view rest = trim(line.substr(6));
  if (starts_with_word(rest, "reference")) return false;  // The heading of a table.
  return line.starts_with("ACTION") || !take_action_references(rest).refs.empty();
}

bool is_note_line(std::string_view line) {
  return starts_with_word(line, "post meeting note") || starts_with_word(line, "post-meeting note");
}

// A line that begins so begins a sentence, even where the line before it is not complete.
bool begins_sentence(std::string_view line) {
  for (const std::string_view word : {"The", "It", "This", "There"}) {
    if (line.starts_with(word) && starts_with_word(line, word)) return true;
  }
  return false;
}

class BlockSplitter {
 public:
  BlockSplitter(const MinutesBody& body, std::uint32_t item) : body_(body), item_(item) {}

  void add(MinutesLine line) {
    const bool numbered = take_paragraph_number(line);
    const BulletMark mark = bullet_mark(line.text);
    if (body_.is_lead(line.text)) {
      open(MinutesBlock::Kind::lead, line);
    } else if (is_action_line(line.text)) {
      open(MinutesBlock::Kind::action, line);
    } else if (is_note_line(line.text)) {
      open(MinutesBlock::Kind::note, line);
    } else if (mark.size != 0 &&
               (mark.sure || numbered || stands_apart(line) || goes_on_with_list(line))) {
      open_bullet(line, mark.size);
    } else if (!numbered && continues_block(line)) {
      blocks_.back().lines.push_back(line);
    } else {
      open(MinutesBlock::Kind::text, line);
    }
  }

  std::vector<MinutesBlock> take() { return std::move(blocks_); }

 private:
  // A number inside a sentence ("of version\n4.8 The") would begin no paragraph of this item.
  bool take_paragraph_number(MinutesLine& line) const {
    std::uint32_t first = 0;
    const std::size_t size = paragraph_number_size(line.text, first);
    if (size == 0 || (first != item_ && !stands_apart(line))) return false;
    line.text.remove_prefix(size);
    return true;
  }

  void open(MinutesBlock::Kind kind, const MinutesLine& line) {
    blocks_.push_back({.kind = kind, .lines = {line}});
  }

  void open_bullet(MinutesLine line, std::size_t mark_size) {
    last_mark_ = kind_of_mark(line.text);
    line.text = trim(line.text.substr(mark_size));
    open(MinutesBlock::Kind::bullet, line);
  }

  // The next entry of a list whose entries end without a stop: by the kind of its mark.
  bool goes_on_with_list(const MinutesLine& line) const {
    if (blocks_.empty() || blocks_.back().kind != MinutesBlock::Kind::bullet) return false;
    return kind_of_mark(line.text) == last_mark_;
  }

  static char kind_of_mark(std::string_view line) {
    return enumerator_size(line) != 0 ? '1' : line.front();
  }

  bool is_complete() const {
    return blocks_.empty() || blocks_.back().kind == MinutesBlock::Kind::lead ||
           ends_sentence(blocks_.back().lines.back().text);
  }

  bool stands_apart(const MinutesLine& line) const {
    return line.gap == MinutesGap::blank || is_complete();
  }

  bool continues_block(const MinutesLine& line) const {
    if (blocks_.empty() || blocks_.back().kind == MinutesBlock::Kind::lead) return false;
    if (line.gap == MinutesGap::none) return true;
    if (is_complete()) return false;
    if (line.gap == MinutesGap::page) return !begins_sentence(line.text);
    return is_ascii_lower(line.text.front());
  }

  const MinutesBody& body_;
  const std::uint32_t item_;
  char last_mark_ = 0;  // Of the last bullet.
  std::vector<MinutesBlock> blocks_;
};

}  // namespace

MinutesSections split_items(const std::vector<MinutesLine>& lines,
                            std::vector<OutlineUnplaced>& unplaced) {
  ItemSplitter splitter(unplaced);
  for (const MinutesLine& line : lines) splitter.add(line);
  return splitter.take();
}

std::vector<MinutesBlock> split_blocks(const std::vector<MinutesLine>& lines,
                                       const MinutesBody& body, std::uint32_t item) {
  BlockSplitter splitter(body, item);
  for (const MinutesLine& line : lines) splitter.add(line);
  return splitter.take();
}

}  // namespace cpl
