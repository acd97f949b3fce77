// Writes the XLSX form. Every cell is text, held in place: nothing can be a formula, and no cell
// means anything but what it shows.
#include <unistd.h>
#include <xlsxwriter.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "registry/extract_rows.hpp"

namespace cpl {
namespace {

// The library writes files only: one of our own that goes with this object.
class TemporaryFile {
 public:
  TemporaryFile() : path_((std::filesystem::temp_directory_path() / "cpl-XXXXXX").string()) {
    const int descriptor = ::mkstemp(path_.data());
    check(descriptor >= 0);
    ::close(descriptor);
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  Bytes content() const {
    std::ifstream file(path_, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
  }

 private:
  std::string path_;
};

// Spreadsheets read _x0041_ in a cell as the character of that number.
std::string cell_text(const std::string& text) {
  constexpr std::string_view hex = "0123456789abcdefABCDEF";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view next = std::string_view(text).substr(i, 7);
    const bool means_another = next.size() == 7 && next.starts_with("_x") && next.ends_with('_') &&
                               next.substr(2, 4).find_first_not_of(hex) == next.npos;
    out += means_another ? "_x005F_" : std::string(1, text[i]);
  }
  return out;
}

void write_row(lxw_worksheet* sheet, lxw_row_t row, const ExtractCells& cells, lxw_format* format) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    check(worksheet_write_string(sheet, row, static_cast<lxw_col_t>(i), cell_text(cells[i]).c_str(),
                                 format) == LXW_NO_ERROR);
  }
}

void set_properties(lxw_workbook* book, const ExtractHeader& header) {
  std::string title = "Certified Products List, version " + std::to_string(header.version);
  lxw_doc_properties properties{};
  properties.title = title.data();
  // Otherwise it would be the time of writing, and every file another.
  properties.created = static_cast<time_t>(header.as_of.value / 1000);
  check(workbook_set_properties(book, &properties) == LXW_NO_ERROR);
}

}  // namespace

Bytes format_extract_xlsx(const Extract& extract) {
  const TemporaryFile file;
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;  // A row at a time, each text in its cell.
  lxw_workbook* book = workbook_new_opt(file.path().c_str(), &options);
  check(book != nullptr);
  set_properties(book, extract.header);
  lxw_worksheet* sheet = workbook_add_worksheet(book, "CPL");
  check(sheet != nullptr);
  lxw_format* bold = workbook_add_format(book);
  format_set_bold(bold);
  lxw_row_t row = 0;
  const auto head = extract_table_head(extract);
  worksheet_freeze_panes(sheet, static_cast<lxw_row_t>(head.size()), 1);
  for (const ExtractCells& cells : head) write_row(sheet, row++, cells, bold);
  for (const ModelRecord& record : extract.models) {
    write_row(sheet, row++, extract_cells(record), nullptr);
  }
  check(workbook_close(book) == LXW_NO_ERROR);
  return file.content();
}

}  // namespace cpl
