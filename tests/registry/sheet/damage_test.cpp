// What spreadsheets, exports and copies did to lists: each column has the one check, and each file
// that says one thing alone is read.
#include <catch2/catch.hpp>

#include "crypto/plain_text.hpp"
#include "registry/sheet/damage.hpp"
#include "tests/registry/sheet/sheet_fixture.hpp"

namespace cpl::testing::damage_test {
namespace {

std::vector<std::string> written_columns() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < sheet::written_column_count; ++i) {
    names.emplace_back(sheet::spec_of(static_cast<sheet::Column>(i)).name);
  }
  return names;
}

// The cell is refused in whichever column it stands, under the column's name.
void refused_everywhere(const std::string& cell, const std::string& said) {
  auto columns = written_columns();
  columns.emplace_back("Site");
  for (const std::string& column : columns) {
    const SheetReading reading = Sheet().set(column, cell).read();
    CAPTURE(cell, column, told(reading));
    CHECK_FALSE(reading.usable());
    const auto problem =
        std::find_if(reading.problems.begin(), reading.problems.end(),
                     [&](const SheetProblem& one) { return one.row == 2 && one.column == column; });
    REQUIRE(problem != reading.problems.end());
    CHECK_THAT(problem->detail, Catch::Contains(said));
  }
}

}  // namespace

TEST_CASE("model sheet damage: a failed formula is refused in every column") {
  for (const char* cell : {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!",
                           "#SPILL!", "#CALC!", "#BEZUG!", "#NV", "#n/a", "Err:502", "a; #REF!"}) {
    refused_everywhere(cell, "where a formula failed");
  }
}

TEST_CASE("model sheet damage: a number that was rewritten is refused in every column") {
  for (const char* cell :
       {"2.01603E+15", "1.00E+05", "5,02E+07", "2.01603e+15", "1E-07", "-1E+10"}) {
    refused_everywhere(cell, "a number as a spreadsheet rewrites it");
  }
}

TEST_CASE("model sheet damage: a column that was too narrow, and a formula, are refused") {
  refused_everywhere("########", "where the column is too narrow");
  refused_everywhere("=A1&B1", "is a formula, not its value");
}

TEST_CASE("model sheet damage: what is not seen is refused in every column, by its number") {
  for (const char* cell : {"a\u202Eb", "a\u200Bb", "\uFEFFa", "a\u2028b", "a\uFFFDb", "a\u2066b",
                           "a\u00ADb", "a\uFFFEb"}) {
    refused_everywhere(cell, "the character [U+");
  }
}

TEST_CASE("model sheet damage: what may be meant is warned of once a row") {
  const auto warned = [](const std::string& column, const std::string& cell,
                         const std::string& said) {
    CAPTURE(cell);
    return warns(Sheet().set(column, cell), 2, column, said);
  };
  warned("manufacturer_name", "Aldersyk\u00C3\u00A9 Meters", "look like \"\u00e9\"");
  warned("remarks", "it\u00E2\u20AC\u2122s", "read in another encoding");
  warned("manufacturer_name", "\u0410ldersyke",
         "[U+0410], a Cyrillic letter that looks like \"A\"");
  warned("remarks", "Acme \uFF21\uFF22", "a full-width character");
  warned("cert_zigbee_number", "2016030112345600000000", "");
  warned("cert_zigbee_number", "1234567890123450000", "keeps fifteen digits");
  warned("manufacturer_name", "FALSE", "an empty cell or a comparison");
  warned("cert_zigbee_number", "05/03/2017", "compare it with the source");
  CHECK(warned("manufacturer_name", "Acme\u00A0Ltd", "read as a plain one").manufacturer_name ==
        "Acme Ltd");
}

TEST_CASE("model sheet damage: dates that spreadsheets made, and days that they count") {
  for (const char* made :
       {"05/03/2017", "5-Mar-17", "Mar-05", "2017-03-05 00:00:00", "2017-03-05"}) {
    fails(Sheet().set("firmware_version_printed", made), 2, "firmware_version_printed",
          "as spreadsheets make one of a version");
  }
  fails(Sheet().set("gbcs_version", "3-Feb"), 2, "gbcs_version", "is a date");
  fails(Sheet().set("cert_zigbee_issue_date", "44803"), 2, "cert_zigbee_issue_date",
        "it seems 2022-08-30");
  fails(Sheet().set("cert_zigbee_issue_date", "44803.5"), 2, "cert_zigbee_issue_date",
        "it seems 2022-08-30");
  for (const char* day :
       {"2022-08-30 00:00:00", "2022-08-30T00:00:00", "2022/08/30", "30.08.2022"}) {
    CHECK(warns(Sheet().set("cert_zigbee_issue_date", day), 2, "cert_zigbee_issue_date",
                "is read as 2022-08-30")
              .zigbee->issue_date.text() == "2022-08-30");
  }
}

TEST_CASE("model sheet damage: letters of other alphabets are pointed at where ours are needed") {
  fails(Sheet().set("model_id", "\u0410005"), 2, "model_id", "[U+0410], a Cyrillic letter");
  fails(Sheet().set("generation", "SM\u0395TS2+"), 2, "generation", "[U+0395], a Greek letter");
  fails(Sheet().set("ts_version", "V\uFF14.2"), 2, "ts_version",
        "[U+FF14], a full-width character");
  fails(Sheet().set("cpl_entry_id", "CPL\u2011000001"), 2, "cpl_entry_id", "[U+2011], a dash");
  const SheetReading reading = Sheet().drop("generation").set("g\u0435neration", "SMETS2+").read();
  CHECK_THAT(told(reading), Catch::Contains("[U+0435], a Cyrillic letter that looks like \"e\""));
}

TEST_CASE("model sheet damage: names and words of other languages are left in peace") {
  for (const char* name :
       {"Z\u00fcrich \u2013 Z\u00e4hler GmbH", "\u039f\u03b4\u03c5\u03c3\u03c3\u03ad\u03b1\u03c2",
        "\u041c\u043e\u0441\u043a\u0432\u0430", "O\u2019Brien & S\u00f8n", "CAF\u00c9\u00ae"}) {
    accepts(Sheet().set("manufacturer_name", name));
  }
  accepts(Sheet().set("remarks", "see item #3! 1E5, and 44803"));
  accepts(Sheet().set("firmware_version_printed", "5.3.17"));
  accepts(Sheet().set("cert_zigbee_number", "ZIG-2021-11-07"));
}

TEST_CASE("model sheet damage: titles, repeated headers and lost fields do not hide the models") {
  const std::string sound = Sheet().text();
  const std::string header = sound.substr(0, sound.find('\n') + 1);
  const auto one_model = [](const std::string& text, std::size_t row, const std::string& said) {
    has_only(read_model_sheet(text, defaults), Severity::warning, row, "", said);
    CHECK(read_model_sheet(text, defaults).models.size() == 1);
  };
  one_model("Certified Products List\r\n" + sound, 2, "1 row above the names of the columns is");
  one_model("List,of,11 November 2026\r\n\r\n\"made by\",us\r\n" + sound, 4, "2 rows above");
  one_model(sound + header, 3, "names the columns again");
  std::string semicolons = sound;
  std::replace(semicolons.begin(), semicolons.end(), ',', ';');
  one_model("A list, of models, in a row\r\n" + semicolons, 2, "1 row above");
  has_only(read_model_sheet(sound + "end of list\r\n", defaults), Severity::error, 3, "",
           "nothing in the columns that every model needs");
}

TEST_CASE("model sheet damage: what nobody sees in a header does not hide a column") {
  std::string text = Sheet().text();
  text.insert(text.find("generation"), "\u200B");
  text.replace(text.find("model_id"), 8, "model\u00A0id");
  const SheetReading reading = read_model_sheet(text, defaults);
  INFO(told(reading));
  CHECK(reading.usable());
  CHECK(reading.problems.empty());
}

}  // namespace cpl::testing::damage_test
