#include "registry/base/csv.hpp"

#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"
#include "registry/base/file_kind.hpp"

namespace cpl {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
// Full-width signs count too: some spreadsheets take them for the others.
constexpr std::array<std::string_view, 8> formula_starts = {"=",      "+",      "-",      "@",
                                                            "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
constexpr std::array<std::string_view, 6> skipped_spaces = {" ",  "\t",     "\r",
                                                            "\n", "\u00A0", "\u3000"};
constexpr std::string_view save_as_utf8 = "save the file as \"CSV UTF-8\" and send that";

Error too_large(std::string detail) {
  return Error{Errc::too_large, "csv-too-large", std::move(detail), 0};
}

std::string place(std::size_t line, std::size_t column) {
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
}

// CRLF, LF and CR each end one line.
std::size_t count_line_ends(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool inside_crlf = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (text[i] == '\n' || (text[i] == '\r' && !inside_crlf)) ++count;
  }
  return count;
}

// The line of the first octet that is not part of well-formed UTF-8. A line feed is never part of a
// longer sequence, so lines can be judged one by one.
std::size_t line_that_is_not_utf8(std::string_view text) {
  std::size_t start = 0;
  while (true) {
    const std::size_t end = std::min(text.find_first_of("\r\n", start), text.size());
    if (!is_utf8(text.substr(start, end - start))) {
      return count_line_ends(text.substr(0, start)) + 1;
    }
    check(end < text.size());
    start = end + 1;
  }
}

// DOS ended texts with Ctrl-Z, and some programs still do.
BytesView without_end_mark(BytesView text) {
  constexpr char end_mark = 0x1A;
  const auto last = text.find_last_not_of(std::string_view("\r\n\0 ", 4));
  if (last == text.npos || text[last] != end_mark) return text;
  return text.substr(0, text.find_last_not_of(end_mark, last) + 1);
}

// The separator the header uses most outside of quotation marks; the comma where that is undecided.
char detect_separator(std::string_view text) {
  std::array<std::size_t, csv_separators.size()> counts{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    const auto candidate = csv_separators.find(c);
    if (candidate != csv_separators.npos) ++counts[candidate];
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return csv_separators[static_cast<std::size_t>(most - counts.begin())];
}

template <class Starts>
std::size_t start_size(std::string_view text, const Starts& starts) {
  const auto found = std::find_if(starts.begin(), starts.end(),
                                  [&](std::string_view start) { return text.starts_with(start); });
  return found == starts.end() ? 0 : found->size();
}

// Spreadsheets, and programs between them and a file, drop spaces and line ends in front.
bool needs_guard(std::string_view text) {
  if (text.starts_with('\'')) return true;
  while (const std::size_t size = start_size(text, skipped_spaces)) text.remove_prefix(size);
  return start_size(text, formula_starts) > 0;
}

}  // namespace

// "sep=;", by which people tell Excel what divides the columns.
struct SeparatorLine {
  std::string_view separator;
  std::size_t size = 0;  // Without its line end.

  static std::optional<SeparatorLine> of(std::string_view text) {
    const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    std::string_view inside = line;
    if (inside.starts_with('"')) inside.remove_prefix(1);
    if (inside.substr(0, 4) != "sep=" && inside.substr(0, 4) != "SEP=" &&
        inside.substr(0, 4) != "Sep=") {
      return std::nullopt;
    }
    inside.remove_prefix(4);
    if (inside.ends_with('"')) inside.remove_suffix(1);
    // Programs that took the line for a row filled it up.
    if (inside.size() > 1 && inside.find_first_not_of(inside[0]) == inside.npos) {
      inside = inside.substr(0, 1);
    }
    return SeparatorLine{inside, line.size()};
  }
};

CsvReader::CsvReader(BytesView text, char separator)
    : text_(text), separator_(separator), stops_({separator, '"', '\r', '\n'}) {}

Result<CsvReader> CsvReader::open(BytesView text, std::size_t size_max) {
  if (text.size() > size_max) {
    return too_large("the file is larger than " + std::to_string(size_max) + " octets: split it");
  }
  while (text.starts_with(utf8_mark)) text.remove_prefix(utf8_mark.size());
  if (const auto other = no_csv(text)) return *other;
  text = without_end_mark(text);
  if (!is_utf8(text)) {
    return malformed("csv-not-utf8", "line " + std::to_string(line_that_is_not_utf8(text)) +
                                         " is not UTF-8: " + std::string(save_as_utf8));
  }
  if (const auto nul = text.find('\0'); nul != text.npos) {
    return malformed("csv-not-text",
                     "line " + std::to_string(count_line_ends(text.substr(0, nul)) + 1) +
                         " holds a zero octet, so this is not text: " + std::string(save_as_utf8));
  }
  if (const auto line = SeparatorLine::of(text)) return open_below(text, *line);
  return CsvReader(text, detect_separator(text));
}

Result<CsvReader> CsvReader::open_below(BytesView text, const SeparatorLine& line) {
  if (line.separator.size() != 1 || csv_separators.find(line.separator) == csv_separators.npos) {
    return malformed("csv-separator", "the first line says that \"" + shown(line.separator) +
                                          "\" divides the columns: save the list with commas, "
                                          "semicolons or tabs, and take that line out");
  }
  CsvReader reader(text, line.separator[0]);
  reader.is_said_ = true;
  reader.position_ = line.size;
  if (reader.at_line_end()) reader.take_line_end();
  ++reader.row_number_;
  return reader;
}

CsvReader CsvReader::divided_by(char separator) const {
  check(row_number_ == 0 && !is_said_);
  return CsvReader(text_, separator);
}

bool CsvReader::at_line_end() const {
  return position_ < text_.size() && (text_[position_] == '\r' || text_[position_] == '\n');
}

void CsvReader::take_line_end() {
  position_ += text_.substr(position_, 2) == "\r\n" ? 2 : 1;
  ++line_;
}

Result<std::optional<CsvRow>> CsvReader::next() {
  while (at_line_end()) {
    ++row_number_;
    take_line_end();
  }
  if (position_ == text_.size()) return std::optional<CsvRow>();
  CsvRow row{++row_number_, line_, {}};
  if (row_number_ > csv_rows_max) {
    return too_large("the file has more than " + std::to_string(csv_rows_max) + " rows: split it");
  }
  while (true) {
    const std::size_t column = row.fields.size() + 1;
    if (column > csv_columns_max) {
      return too_large(place(line_, column) + "there are more than " +
                       std::to_string(csv_columns_max) + " columns");
    }
    row.fields.push_back(TRY(field(column)));
    if (position_ == text_.size() || at_line_end()) break;
    ++position_;  // The separator.
  }
  if (position_ < text_.size()) take_line_end();
  TRY_VOID(fit(row));
  return std::optional<CsvRow>(std::move(row));
}

// Spreadsheets leave out the separators of empty cells at the end of a row, and add others.
Result<void> CsvReader::fit(CsvRow& row) {
  if (!width_) width_ = row.fields.size();
  while (row.fields.size() > *width_ && row.fields.back().empty()) row.fields.pop_back();
  if (row.fields.size() > *width_) {
    return malformed("csv-row-width",
                     place(row.line, *width_ + 1) + "the row has " +
                         std::to_string(row.fields.size()) + " fields, the header has " +
                         std::to_string(*width_) +
                         ": a text that holds the separator must stand in quotation marks");
  }
  row.fields.resize(*width_);
  return {};
}

Result<std::string> CsvReader::field(std::size_t column) {
  if (position_ < text_.size() && text_[position_] == '"') return quoted_field(column);
  const std::size_t end = std::min(text_.find_first_of(stops_, position_), text_.size());
  if (end < text_.size() && text_[end] == '"') {
    return malformed("csv-quote-inside",
                     place(line_, column) +
                         "a quotation mark stands inside a field that does not start with one: put "
                         "the whole field in quotation marks and write each one inside it twice");
  }
  if (end - position_ > csv_field_size_max) {
    return too_large(place(line_, column) + "the field is longer than " +
                     std::to_string(csv_field_size_max) + " octets");
  }
  std::string value(text_.substr(position_, end - position_));
  position_ = end;
  return value;
}

Result<std::string> CsvReader::quoted_field(std::size_t column) {
  const std::string opened_at = place(line_, column);
  std::string value;
  ++position_;
  while (true) {
    const std::size_t quote = text_.find('"', position_);
    if (quote == text_.npos) {
      return malformed("csv-quote-open",
                       opened_at + "the quotation mark that opens this field is never closed");
    }
    const std::string_view part = text_.substr(position_, quote - position_);
    if (value.size() + part.size() + 1 > csv_field_size_max) {
      return too_large(opened_at + "the field is longer than " +
                       std::to_string(csv_field_size_max) +
                       " octets, or a quotation mark is missing");
    }
    value += part;
    line_ += count_line_ends(part);
    position_ = quote + 1;
    if (position_ == text_.size() || text_[position_] != '"') break;
    value += '"';  // Written twice, meant once.
    ++position_;
  }
  if (position_ < text_.size() && text_[position_] != separator_ && !at_line_end()) {
    return malformed("csv-quote-followed",
                     place(line_, column) +
                         "something follows the closing quotation mark: a quotation mark inside a "
                         "field must be written twice");
  }
  return value;
}

void append_csv_row(std::string& out, std::span<const std::string> fields) {
  // A row of one empty field would be an empty line, which means no row at all.
  const bool lone_empty = fields.size() == 1 && fields.front().empty();
  if (lone_empty) out += "\"\"";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string& field = fields[i];
    if (i > 0) out += ',';
    if (field.find_first_of(",;\t\"\r\n") == field.npos) {
      out += field;
      continue;
    }
    out += '"';
    for (const char c : field) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

std::string text_for_spreadsheet(std::string_view text) {
  return (needs_guard(text) ? "'" : "") + std::string(text);
}

std::string_view text_from_spreadsheet(std::string_view cell) {
  if (cell.starts_with('\'') && needs_guard(cell.substr(1))) return cell.substr(1);
  if (cell.size() >= 3 && cell.starts_with("=\"") && cell.ends_with('"')) {
    const std::string_view inside = cell.substr(2, cell.size() - 3);
    if (inside.find('"') == inside.npos) return inside;
  }
  return cell;
}

}  // namespace cpl
