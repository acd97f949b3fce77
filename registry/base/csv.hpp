// Comma-separated values as RFC 4180 has them: read strictly, with tolerance for what spreadsheets
// write of their own accord (UTF-8 byte order marks; CRLF, LF or CR; empty lines; semicolons, tabs
// or bars instead of commas; a first line such as "sep=;"; rows without their last, empty fields;
// Ctrl-Z at the end). Everything else is refused with its line and column, never guessed at.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

inline constexpr std::size_t csv_size_max = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t csv_rows_max = 200'000;
inline constexpr std::size_t csv_columns_max = 200;
inline constexpr std::size_t csv_field_size_max = std::size_t{32} * 1024;

inline constexpr std::string_view csv_separators = ",;\t|";

struct CsvRow {
  std::size_t number = 0;  // As a spreadsheet counts: the header is 1, and empty lines count.
  std::size_t line = 0;    // Of the file, where the row begins.
  std::vector<std::string> fields;
};

struct SeparatorLine;

// Hands out one row at a time, so that a hostile file costs no more memory than its widest row.
class CsvReader {
 public:
  // `text` outlives the reader. Refuses what is not UTF-8, or larger than we take.
  static Result<CsvReader> open(BytesView text, std::size_t size_max = csv_size_max);

  // The next row that is not empty, the header first; nothing after the last. Every row has as many
  // fields as the header: those that a row leaves out at its end are empty. After an error the
  // reader is of no further use.
  Result<std::optional<CsvRow>> next();
  // The row read last was not the header: the next one is.
  void begin_anew() { width_.reset(); }

  char separator() const { return separator_; }
  bool separator_is_said() const { return is_said_; }
  // The same text, divided by another, before any row was read.
  CsvReader divided_by(char separator) const;
  std::size_t rows_read() const { return row_number_; }

 private:
  CsvReader(BytesView text, char separator);
  static Result<CsvReader> open_below(BytesView text, const SeparatorLine& line);

  bool at_line_end() const;
  void take_line_end();
  Result<void> fit(CsvRow& row);
  Result<std::string> field(std::size_t column);
  Result<std::string> quoted_field(std::size_t column);

  BytesView text_;
  char separator_;
  bool is_said_ = false;  // By the text's first line.
  std::string stops_;     // What ends an unquoted field.
  std::size_t position_ = 0;
  std::size_t line_ = 1;
  std::size_t row_number_ = 0;
  std::optional<std::size_t> width_;  // Known once the header has been read.
};

// Commas, CRLF, quotation marks only where they are needed.
void append_csv_row(std::string& out, std::span<const std::string> fields);

// A spreadsheet takes a cell that starts with = + - or @, full-width or not and after spaces or
// line ends or not, for a formula and runs it. Such a text, and one that starts with an apostrophe,
// gets an apostrophe in front, as a person would type it; reading takes it off again. Reading also
// understands ="00050203", which is how people keep a spreadsheet from dropping leading zeros.
std::string text_for_spreadsheet(std::string_view text);
std::string_view text_from_spreadsheet(std::string_view cell);

}  // namespace cpl
