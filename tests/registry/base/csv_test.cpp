#include "registry/base/csv.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::csv_test {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// All rows, or the error that ends them.
Result<Rows> read_all(BytesView text) {
  auto reader = TRY(CsvReader::open(text));
  Rows rows;
  while (true) {
    auto row = TRY(reader.next());
    if (!row) return rows;
    rows.push_back(std::move(row->fields));
  }
}

void refuses(BytesView text, std::string_view code, std::string_view said) {
  const auto rows = read_all(text);
  INFO(said);
  REQUIRE_FALSE(rows);
  CHECK(rows.error().code == code);
  CHECK_THAT(rows.error().detail, Catch::Contains(std::string(said)));
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("csv: fields, quotation marks and line ends are read as RFC 4180 has them") {
  CHECK(*read_all("a,b\r\n1,2\r\n") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(*read_all("a,b\r\n1,2") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(*read_all("a,b\r\n,\r\n") == Rows{{"a", "b"}, {"", ""}});
  CHECK(*read_all("\"a\",\"b,c\"\n\"say \"\"no\"\"\",\"\"\n") ==
        Rows{{"a", "b,c"}, {"say \"no\"", ""}});
  CHECK(*read_all("a,b\r\n\"two\r\nlines\",\"\"\"\"\r\n") ==
        Rows{{"a", "b"}, {"two\r\nlines", "\""}});
  CHECK(*read_all(" a , b ") == Rows{{" a ", " b "}});
  CHECK(read_all("")->empty());
}

TEST_CASE("csv: what spreadsheets write of their own accord is understood") {
  const Rows expected = {{"a", "b"}, {"1", "ü"}};
  CHECK(*read_all("\xEF\xBB\xBF"
                  "a,b\r\n1,ü\r\n") == expected);
  CHECK(*read_all("a,b\n1,ü\n") == expected);
  CHECK(*read_all("a,b\r1,ü\r") == expected);
  CHECK(*read_all("a,b\r\n1,ü\r\n\r\n\n\r\r\n") == expected);
  CHECK(*read_all("\r\n\na,b\n\n1,ü") == expected);
  CHECK(*read_all("a;b\r\n1;ü\r\n") == expected);
  CHECK(*read_all("a\tb\r\n1\tü\r\n") == expected);
}

TEST_CASE("csv: empty fields at the end of a row may be left out, or be too many") {
  CHECK(*read_all("a,b,c\n1\n1,2\n1,2,3\n1,2,3,,\n") ==
        Rows{{"a", "b", "c"}, {"1", "", ""}, {"1", "2", ""}, {"1", "2", "3"}, {"1", "2", "3"}});
  refuses("a,b\n1,2,,3\n", "csv-row-width", "line 2, column 3: the row has 4 fields");
}

TEST_CASE("csv: a first line that names the separator is taken at its word") {
  const Rows expected = {{"a,b", "c"}, {"1", "2"}};
  for (const char* line :
       {"sep=;\r\n", "sep=;\n", "SEP=;\r", "\"sep=;\"\n", "\xEF\xBB\xBFsep=;\n", "sep=;;;;\n"}) {
    CHECK(*read_all(line + std::string("a,b;c\n1;2\n")) == expected);
  }
  CHECK(*read_all("sep=,\na;b,c\n") == Rows{{"a;b", "c"}});
  CHECK(*read_all("sep=|\na|c\n") == Rows{{"a", "c"}});
  CHECK(*read_all("sep=\t\na\tc\n") == Rows{{"a", "c"}});
  refuses("sep=:\na:b\n", "csv-separator", "save the list with commas");
  refuses("sep=\na,b\n", "csv-separator", "take that line out");
  const std::string text = "sep=;\na;b\n\n1;2\n";
  auto reader = CsvReader::open(text);
  REQUIRE(reader);
  CHECK(reader->separator_is_said());
  CHECK((*reader->next())->number == 2);
  CHECK((*reader->next())->line == 4);
}

TEST_CASE("csv: marks before and after the text are no part of it") {
  const Rows expected = {{"a", "b"}, {"1", "2"}};
  CHECK(*read_all("\xEF\xBB\xBF\xEF\xBB\xBF"
                  "a,b\n1,2\n") == expected);
  CHECK(*read_all("a,b\n1,2\n\x1A") == expected);
  CHECK(*read_all("a,b\n1,2\x1A\r\n") == expected);
  CHECK(*read_all("a,b\n1,2\n\x1A\x1A") == expected);
  CHECK(read_all("a,b\n1,2\x1A\n3,4\n")->size() == 3);
}

TEST_CASE("csv: a file of another kind is told by one reason") {
  refuses("<!DOCTYPE html><html>", "csv-html", "a web page, not CSV");
  refuses("\xEF\xBB\xBF\r\n <HTML>", "csv-html", "a web page, not CSV");
  refuses("<table><tr><td>generation</td>", "csv-html", "CSV UTF-8");
  refuses("<?xml version=\"1.0\"?><Workbook>", "csv-xml", "XML, as spreadsheets");
  refuses("\xD0\xCF\x11\xE0\xA1\xB1", "csv-workbook", "an old spreadsheet");
  refuses("ID;PWXL;N;E", "csv-workbook", "SYLK");
  refuses("%PDF-1.7", "csv-document", "a PDF document");
  refuses("{\\rtf1", "csv-document", "RTF");
  refuses("\x1F\x8B\x08", "csv-packed", "unpack it, and save the list");
  refuses(std::string_view("g\0e\0n\0", 6), "csv-utf16", "without a mark");
  refuses(std::string_view("\0g\0e\0n", 6), "csv-utf16", "without a mark");
  CHECK(read_all("identity,b\n1,2\n")->size() == 2);
}

TEST_CASE("csv: the header decides on the separator, and what is quoted has no say") {
  CHECK(*read_all("\"a,b,c\";d\n1,5;2\n") == Rows{{"a,b,c", "d"}, {"1,5", "2"}});
  CHECK(*read_all("a,b\n1;2,3\n") == Rows{{"a", "b"}, {"1;2", "3"}});
  CHECK(*read_all("a,b;c\n1,2\n") == Rows{{"a", "b;c"}, {"1", "2"}});
  CHECK(*read_all("alone\n1;2\n") == Rows{{"alone"}, {"1;2"}});
  CHECK(CsvReader::open("a;b;c")->separator() == ';');
}

TEST_CASE("csv: rows are numbered as a spreadsheet does and lines as an editor does") {
  const std::string text = "a,b\r\n\"1\r\n\r\n1\",2\r\n\r\n3,4\r\n";
  auto reader = CsvReader::open(text);
  REQUIRE(reader);
  std::vector<std::pair<std::size_t, std::size_t>> places;
  while (true) {
    const auto row = reader->next();
    REQUIRE(row);
    if (!*row) break;
    places.emplace_back((*row)->number, (*row)->line);
  }
  CHECK(places == std::vector<std::pair<std::size_t, std::size_t>>{{1, 1}, {2, 2}, {4, 6}});
}

TEST_CASE("csv: what is broken is named with line and column") {
  refuses("a,b\n1,2\"\n", "csv-quote-inside", "line 2, column 2");
  refuses("a,b\n1,\"2\"3\n", "csv-quote-followed", "line 2, column 2");
  refuses("a,b\n\"x\ny\",\"2\" \n", "csv-quote-followed", "line 3, column 2");
  refuses("a,b\n1,2\n\"never closed,2\n3,4\n", "csv-quote-open", "line 3, column 1");
  refuses("a,b\n\"", "csv-quote-open", "line 2, column 1");
  refuses("a,b\n\"\"\"", "csv-quote-open", "line 2, column 1");
  refuses("a,b\n1,2,3\n", "csv-row-width",
          "line 2, column 3: the row has 3 fields, the header has 2");
}

TEST_CASE("csv: what is not UTF-8 text is refused with what to do instead") {
  refuses("a,b\n1,2\r\n3,caf\xE9\n", "csv-not-utf8", "line 3 is not UTF-8");
  refuses("a\r1\r\xC0\x80\r", "csv-not-utf8", "line 3 is not UTF-8");
  refuses("a\n\xE2\x82", "csv-not-utf8", "line 2");
  refuses(std::string_view("a\n1\0\n", 5), "csv-not-text", "line 2");
  refuses(std::string_view("\xFF\xFE"
                           "a\0,\0",
                           6),
          "csv-utf16", "CSV UTF-8");
  refuses(std::string_view("\xFE\xFF\0a\0,", 6), "csv-utf16", "CSV UTF-8");
  refuses("PK\x03\x04...", "csv-workbook", "CSV UTF-8");
}

TEST_CASE("csv: every bound holds, and what keeps to it passes") {
  const std::string wide = repeated(",", csv_columns_max - 1);
  CHECK(read_all(wide)->front().size() == csv_columns_max);
  refuses(wide + ",", "csv-too-large", "more than 200 columns");

  const std::string long_field(csv_field_size_max, 'x');
  CHECK(read_all("a\n" + long_field)->back().front() == long_field);
  refuses("a\n" + long_field + "x", "csv-too-large", "line 2, column 1");
  refuses("a\n\"" + long_field + "x\"", "csv-too-large", "line 2, column 1");
  // Many doubled marks in one field: each part is short, the field is not.
  refuses("a\n\"" + repeated("\"\"", csv_field_size_max + 1) + "\"", "csv-too-large", "line 2");

  CHECK(read_all(repeated("x\n", csv_rows_max))->size() == csv_rows_max);
  refuses(repeated("x\n", csv_rows_max + 1), "csv-too-large", "more than 200000 rows");
  refuses(std::string(csv_size_max + 1, '\n'), "csv-too-large", "larger than");
  CHECK(read_all(std::string(csv_size_max, '\n'))->empty());
}

TEST_CASE("csv: no short text over the characters that matter is read in two ways") {
  // Whatever is accepted, written and read again, is the same.
  constexpr std::string_view alphabet = "a\",;\r\n";
  std::vector<std::string> texts{""};
  for (int length = 0; length < 6; ++length) {
    std::vector<std::string> longer;
    for (const std::string& text : texts) {
      for (const char c : alphabet) longer.push_back(text + c);
    }
    texts = std::move(longer);
    for (const std::string& text : texts) {
      const auto rows = read_all(text);
      if (!rows) continue;
      std::string written;
      for (const auto& row : *rows) append_csv_row(written, row);
      const auto again = read_all(written);
      if (!again || *again != *rows) FAIL("lost in writing: " << text << " as " << written);
    }
  }
}

TEST_CASE("csv: a text that a spreadsheet would run as a formula is written as text") {
  CHECK(text_for_spreadsheet("=HYPERLINK(\"x\")") == "'=HYPERLINK(\"x\")");
  CHECK(text_for_spreadsheet("+44 20 7946 0000") == "'+44 20 7946 0000");
  CHECK(text_for_spreadsheet("plain") == "plain");
  CHECK(text_for_spreadsheet("") == "");
  for (const std::string_view text :
       {"=1", "+1", "-1", "@x", "'", "''", "'=1", "'x", "x", "", "=\"0005\"", "'=\"0005\"", "\n=1",
        " =1", "\uFF1D1", "'\uFF1D1", "\u00A0@x"}) {
    INFO(text);
    CHECK(text_from_spreadsheet(text_for_spreadsheet(text)) == text);
  }
}

TEST_CASE("csv: the spelling that keeps leading zeros in a spreadsheet is understood") {
  CHECK(text_from_spreadsheet("=\"00050203\"") == "00050203");
  CHECK(text_from_spreadsheet("=\"\"") == "");
  CHECK(text_from_spreadsheet("=\"") == "=\"");
  CHECK(text_from_spreadsheet("=\"a\"&\"b\"") == "=\"a\"&\"b\"");
}

}  // namespace cpl::testing::csv_test
