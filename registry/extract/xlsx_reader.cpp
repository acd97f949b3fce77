// Reads the XLSX form back: a ZIP of XML from outside, so everything in it is bounded, read as a
// stream, and refused if it is not of the few things that the writer writes.
#include <expat.h>
#include <zip.h>

#include "crypto/encoding.hpp"
#include "registry/extract/rows.hpp"

namespace cpl {
namespace {

constexpr std::string_view sheet_name = "xl/worksheets/sheet1.xml";
constexpr std::size_t sheet_size_max = std::size_t{512} << 20U;  // Of XML, unpacked.
constexpr std::size_t expansion_max = 300;  // Of the whole file; rows of text shrink to a tenth.
constexpr std::size_t expansion_free = std::size_t{1} << 20U;
constexpr std::size_t cell_size_max = 32'767;                    // What spreadsheets take.
constexpr std::size_t token_size_max = std::size_t{256} << 10U;  // A tag, say.
constexpr std::size_t chunk_size = std::size_t{64} << 10U;

// No macros, no further sheets, no links: what does not stand here is refused.
constexpr std::array<std::string_view, 9> parts_allowed = {"[Content_Types].xml",
                                                           "_rels/.rels",
                                                           "docProps/app.xml",
                                                           "docProps/core.xml",
                                                           "xl/_rels/workbook.xml.rels",
                                                           "xl/styles.xml",
                                                           "xl/theme/theme1.xml",
                                                           "xl/workbook.xml",
                                                           sheet_name};
// What may stand in a sheet beside its cells.
constexpr std::array<std::string_view, 9> furniture = {"worksheet",     "dimension", "sheetViews",
                                                       "sheetView",     "pane",      "selection",
                                                       "sheetFormatPr", "sheetData", "pageMargins"};

Error xlsx_error(std::string detail) {
  return extract_error("not the XLSX form: " + std::move(detail));
}

// The inverse of what the writer does to texts that look like a character's number.
std::string text_of_cell(std::string text) {
  constexpr std::string_view mark = "_x005F_";
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1)) {
    text.replace(at, mark.size(), "_");
  }
  return text;
}

// "AB12" is the column 27 of row 12.
std::optional<std::size_t> column_of(std::string_view reference, std::size_t row) {
  std::size_t column = 0;
  std::size_t letters = 0;
  while (letters < reference.size() && reference[letters] >= 'A' && reference[letters] <= 'Z') {
    column = column * 26 + static_cast<std::size_t>(reference[letters] - 'A' + 1);
    if (++letters > 3) return std::nullopt;
  }
  if (letters == 0 || reference.substr(letters) != std::to_string(row)) return std::nullopt;
  return column - 1;
}

// Takes a sheet's XML as it comes, and hands on its rows.
class SheetReader {
 public:
  SheetReader() : parser_(XML_ParserCreate("UTF-8"), &XML_ParserFree) {
    check(parser_ != nullptr);
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), &SheetReader::on_start, &SheetReader::on_end);
    XML_SetCharacterDataHandler(parser_.get(), &SheetReader::on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), &SheetReader::on_doctype);
  }

  Result<void> feed(BytesView chunk, bool last) {
    const XML_Status status =
        XML_Parse(parser_.get(), chunk.data(), static_cast<int>(chunk.size()), last ? 1 : 0);
    if (error_) return *error_;
    if (status != XML_STATUS_OK) return xlsx_error("its sheet is not well-formed XML");
    // The parser reads what it has not understood yet again with each chunk.
    fed_ += chunk.size();
    const XML_Index understood = XML_GetCurrentByteIndex(parser_.get());
    if (fed_ > token_size_max + static_cast<std::size_t>(std::max<XML_Index>(understood, 0))) {
      return xlsx_error("its sheet holds too long a tag");
    }
    return {};
  }

  Result<Extract> finish() && { return std::move(table_).finish(); }

 private:
  static SheetReader& self(void* user) { return *static_cast<SheetReader*>(user); }
  static void on_start(void* user, const char* name, const char** attributes) {
    self(user).start(name, attributes);
  }
  static void on_end(void* user, const char* name) { self(user).end(name); }
  static void on_text(void* user, const char* text, int size) {
    self(user).text({text, static_cast<std::size_t>(size)});
  }
  static void on_doctype(void* user, const char*, const char*, const char*, int) {
    self(user).fail(xlsx_error("its sheet has a document type"));
  }

  void fail(Error error) {
    if (!error_) error_ = std::move(error);
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  // An attribute's value; notes one that hides something.
  std::string_view attribute(const char** attributes, std::string_view wanted) {
    std::string_view value;
    for (; *attributes != nullptr; attributes += 2) {
      if (*attributes == wanted) value = attributes[1];
      if (std::string_view(*attributes) == "hidden") fail(xlsx_error("something in it is hidden"));
    }
    return value;
  }

  void start(std::string_view name, const char** attributes) {
    if (name == "row" && inside_ == "sheetData") {
      ++row_;
      cells_.clear();
      if (attribute(attributes, "r") != std::to_string(row_)) {
        return fail(xlsx_error("a row is missing before row " + std::to_string(row_)));
      }
    } else if (name == "c" && inside_ == "row") {
      const auto column = column_of(attribute(attributes, "r"), row_);
      if (!column || *column < cells_.size() || *column >= extract_column_count() ||
          attribute(attributes, "t") != "inlineStr") {
        return fail(xlsx_error("a cell of row " + std::to_string(row_) +
                               " is out of place, or is not plain text"));
      }
      cells_.resize(*column + 1);
    } else if (!(name == "is" && inside_ == "c") && !(name == "t" && inside_ == "is")) {
      attribute(attributes, "");
      if (std::find(furniture.begin(), furniture.end(), name) == furniture.end()) {
        return fail(xlsx_error("its sheet holds <" + std::string(utf8_prefix(name, 40)) + ">"));
      }
    }
    around_.push_back(std::exchange(inside_, name));
    if (around_.size() > 8) fail(xlsx_error("its sheet is nested too deep"));
  }

  void end(std::string_view name) {
    inside_ = around_.back();
    around_.pop_back();
    if (name == "c") cells_.back() = text_of_cell(std::move(cells_.back()));
    if (name != "row") return;
    if (auto taken = table_.take(std::exchange(cells_, {})); !taken) fail(taken.error());
  }

  void text(std::string_view text) {
    if (inside_ != "t" || cells_.empty()) return;
    cells_.back() += text;
    if (cells_.back().size() > cell_size_max) fail(xlsx_error("a cell is too long"));
  }

  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
  std::optional<Error> error_;
  std::string inside_;               // The innermost open element,
  std::vector<std::string> around_;  // and those around it.
  std::size_t fed_ = 0;
  std::size_t row_ = 0;
  ExtractCells cells_;
  ExtractTableReader table_;
};

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using Part = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

Result<Archive> open_archive(BytesView content) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(content.data(), content.size(), 0, &error);
  check(source != nullptr);
  Archive archive(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error), &zip_discard);
  zip_error_fini(&error);
  if (archive == nullptr) {
    zip_source_free(source);
    return xlsx_error("not a ZIP file, or a damaged one");
  }
  return archive;
}

Result<void> check_parts(zip_t* archive) {
  const zip_int64_t count = zip_get_num_entries(archive, 0);
  if (count > static_cast<zip_int64_t>(parts_allowed.size())) {
    return xlsx_error("it has too many parts");
  }
  std::set<std::string_view> seen;
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
    if (name == nullptr || std::find(parts_allowed.begin(), parts_allowed.end(),
                                     std::string_view(name)) == parts_allowed.end()) {
      return xlsx_error("it has a part that no extract has");
    }
    if (!seen.insert(name).second) return xlsx_error("it has one of its parts twice");
  }
  return {};
}

}  // namespace

Result<Extract> parse_extract_xlsx(BytesView content) {
  const Archive archive = TRY(open_archive(content));
  TRY_VOID(check_parts(archive.get()));
  const Part part(zip_fopen(archive.get(), std::string(sheet_name).c_str(), 0), &zip_fclose);
  if (part == nullptr) return xlsx_error("it has no sheet that can be read");
  SheetReader sheet;
  Bytes chunk(chunk_size, '\0');
  std::size_t total = 0;
  while (true) {
    const zip_int64_t count = zip_fread(part.get(), chunk.data(), chunk.size());
    if (count < 0) return xlsx_error("its sheet is damaged");
    total += static_cast<std::size_t>(count);
    if (total > std::min(sheet_size_max, expansion_free + expansion_max * content.size())) {
      return Error{Errc::too_large, "extract-too-large",
                   "its sheet unpacks to more than a sheet of its size can hold", 0};
    }
    TRY_VOID(sheet.feed(BytesView(chunk).substr(0, static_cast<std::size_t>(count)), count == 0));
    if (count == 0) return std::move(sheet).finish();
  }
}

}  // namespace cpl
