// The XLSX form from hostile hands: the reader takes what the writer writes, and nothing else.
#include <zip.h>

#include <cstdlib>
#include <cstring>

#include "registry/extract/rows.hpp"
#include "tests/registry/extract/extract_fixture.hpp"

namespace cpl::testing::xlsx_test {

namespace {

constexpr const char* sheet = "xl/worksheets/sheet1.xml";

// A ZIP file in memory that a test alters.
class Archive {
 public:
  explicit Archive(const Bytes& content) {
    // A source that is written to takes its first octets for its own, whatever one says.
    void* owned = std::malloc(content.size());
    std::memcpy(owned, content.data(), content.size());
    zip_error_t error;
    zip_error_init(&error);
    source_ = zip_source_buffer_create(owned, content.size(), 1, &error);
    archive_ = zip_open_from_source(source_, 0, &error);
    REQUIRE(archive_ != nullptr);
    zip_source_keep(source_);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive() { zip_source_free(source_); }

  Bytes read(const char* name) {
    zip_stat_t stat;
    REQUIRE(zip_stat(archive_, name, 0, &stat) == 0);
    Bytes content(stat.size, '\0');
    zip_file_t* file = zip_fopen(archive_, name, 0);
    REQUIRE(zip_fread(file, content.data(), content.size()) ==
            static_cast<zip_int64_t>(content.size()));
    zip_fclose(file);
    return content;
  }
  void put(const char* name, const Bytes& content) {
    kept_.push_back(std::make_unique<Bytes>(content));
    zip_source_t* part = zip_source_buffer(archive_, kept_.back()->data(), kept_.back()->size(), 0);
    REQUIRE(zip_file_add(archive_, name, part, ZIP_FL_OVERWRITE) >= 0);
  }
  Bytes close() {
    REQUIRE(zip_close(archive_) == 0);
    zip_stat_t stat;
    REQUIRE(zip_source_stat(source_, &stat) == 0);
    Bytes out(stat.size, '\0');
    REQUIRE(zip_source_open(source_) == 0);
    REQUIRE(zip_source_read(source_, out.data(), out.size()) ==
            static_cast<zip_int64_t>(out.size()));
    zip_source_close(source_);
    return out;
  }

 private:
  zip_source_t* source_ = nullptr;
  zip_t* archive_ = nullptr;
  std::vector<std::unique_ptr<Bytes>> kept_;  // Read when the archive is closed.
};

std::string refusal(BytesView content) {
  const auto parsed = parse_extract(content);
  if (!parsed) INFO(parsed.error().detail);
  return parsed ? "accepted" : parsed.error().code;
}

Bytes xlsx() {
  static const ExtractStory story;
  static const Bytes content = written(story.extract(), ExtractForm::xlsx);
  return content;
}

Bytes with_sheet(std::string_view from, std::string_view to) {
  Archive archive(xlsx());
  Bytes xml = archive.read(sheet);
  const auto at = xml.find(from);
  REQUIRE(at != xml.npos);
  archive.put(sheet, xml.replace(at, from.size(), to));
  return archive.close();
}

}  // namespace

TEST_CASE("xlsx: every cell is plain text in its place, so no formula can be in it") {
  Archive archive(xlsx());
  const Bytes xml = archive.read(sheet);
  archive.close();
  CHECK(xml.find("=cmd|") != xml.npos);
  CHECK(xml.find("<f>") == xml.npos);
  CHECK(xml.find("<v>") == xml.npos);
  CHECK(xml.find("_x005F_x0041_") != xml.npos);
}

TEST_CASE("xlsx: a rewritten archive with the same cells reads the same; a changed cell shows") {
  const auto same = parse_extract(with_sheet("38040405", "38040405"));
  REQUIRE(same.has_value());
  CHECK(extract_hash(*same) == extract_hash(*parse_extract(xlsx())));
  CHECK(refusal(with_sheet(">removed<", ">listed<")) == "extract-malformed");  // The head counts.
  CHECK(refusal(with_sheet("<t>38040405</t>", "<t>38040406</t>")) == "extract-malformed");
  const auto renamed = parse_extract(with_sheet("Example Meters Ltd", "Example Meters Inc"));
  REQUIRE(renamed.has_value());
  CHECK(extract_hash(*renamed) != extract_hash(*same));
}

TEST_CASE(
    "xlsx: formulas, numbers, shared texts, hidden rows, links and document types are refused") {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"<is><t>38040405</t></is>", "<f>1+1</f><is><t>38040405</t></is>"},
           {"<is><t>38040405</t></is>", "<v>38040405</v>"},
           {"t=\"inlineStr\"><is><t>38040405", "t=\"s\"><is><t>38040405"},
           {"<row r=\"12\"", "<row r=\"12\" hidden=\"1\""},
           {"<row r=\"12\"", "<row r=\"13\""},
           {"<c r=\"A12\"", "<c r=\"B12\""},
           {"<c r=\"A12\"", "<c r=\"A13\""},
           {"<c r=\"A12\"", "<c r=\"ZZZZ12\""},
           {"<c r=\"A12\"", "<c r=\"ZZ12\""},
           {"</sheetData>", "</sheetData><hyperlinks/>"},
           {"<sheetData>", "<cols><col min=\"1\" max=\"3\" hidden=\"1\"/></cols><sheetData>"},
           {"<worksheet", "<!DOCTYPE w [<!ENTITY a \"b\">]><worksheet"},
           {"<sheetData>", "<sheetData><row r=\"1\"/>"},
           {"</worksheet>", ""},
           {"<sheetData>", "<sheetData " + std::string(400'000, 'x') + "=\"\">"},
           {"</sheetData>", "</sheetData><sheetData><row r=\"1\"/></sheetData>"}}) {
    INFO(from << " -> " << to);
    CHECK(refusal(with_sheet(from, to)) == "extract-malformed");
  }
}

TEST_CASE("xlsx: a part that no extract has is refused: a macro, a second sheet") {
  for (const char* name : {"xl/vbaProject.bin", "xl/worksheets/sheet2.xml",
                           "xl/externalLinks/externalLink1.xml", "../../etc/passwd"}) {
    Archive archive(xlsx());
    archive.put(name, "x");
    CHECK(refusal(archive.close()) == "extract-malformed");
  }
}

TEST_CASE("xlsx: a ZIP bomb is stopped while it unpacks") {
  Archive archive(xlsx());
  archive.put(sheet, "<worksheet>" + Bytes(std::size_t{32} << 20U, ' ') + "</worksheet>");
  const Bytes bomb = archive.close();
  CHECK(bomb.size() < 100'000);
  CHECK(refusal(bomb) == "extract-too-large");
}

TEST_CASE("xlsx: too long a cell and too many rows of nothing are refused") {
  CHECK(refusal(with_sheet("38040405</t>", "38040405" + Bytes(40'000, 'x') + "</t>")) ==
        "extract-malformed");
  CHECK(refusal(with_sheet("</sheetData>", "<row r=\"14\"></row></sheetData>")) ==
        "extract-malformed");
}

TEST_CASE("xlsx: cut and altered archives are refused, or hold the same") {
  const Bytes good = xlsx();
  const Hash hash = extract_hash(*parse_extract(good));
  for (std::size_t i = 0; i < good.size(); i += 7) {
    CHECK(refusal(BytesView(good).substr(0, i)) != "accepted");
    Bytes altered = good;
    altered[i] = static_cast<char>(altered[i] ^ 0x55);
    const auto read = parse_extract(altered);
    if (read) CHECK(extract_hash(*read) == hash);
  }
}

}  // namespace cpl::testing::xlsx_test
