// Writes the XLSX form. Every cell is text, held in place: nothing can be a formula, and no cell
// means anything but what it shows.
#include <unistd.h>
#include <xlsxwriter.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "registry/extract/rows.hpp"

namespace cpl {
namespace {

// The library writes files only: one of our own that goes with this object.
class TemporaryFile {
 public:
  TemporaryFile() {
    std::error_code failed;  // Where there is no such folder, the next call fails, too.
    path_ = (std::filesystem::temp_directory_path(failed) / "cpl-XXXXXX").string();
    const int descriptor = ::mkstemp(path_.data());
    made_ = descriptor >= 0 && ::close(descriptor) == 0;
  }
  ~TemporaryFile() {
    if (made_) std::remove(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  bool made() const { return made_; }
  const std::string& path() const { return path_; }
  Bytes content() const {
    std::ifstream file(path_, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
  }

 private:
  std::string path_;
  bool made_ = false;
};

// A workbook that is closed is gone, and so is one that could not be written.
struct AbandonWorkbook {
  void operator()(lxw_workbook* book) const { lxw_workbook_free(book); }
};
using Workbook = std::unique_ptr<lxw_workbook, AbandonWorkbook>;

Error not_written(std::string_view why) {
  return Error{Errc::unavailable, "file-error",
               "the XLSX form cannot be written: " + std::string(why)};
}

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

Result<Bytes> format_extract_xlsx(const Extract& extract) {
  const TemporaryFile file;
  if (!file.made()) return not_written("no temporary file can be made");
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;  // A row at a time, each text in its cell.
  Workbook book(workbook_new_opt(file.path().c_str(), &options));
  lxw_worksheet* sheet = book == nullptr ? nullptr : workbook_add_worksheet(book.get(), "CPL");
  if (sheet == nullptr) return not_written("no temporary file can be made");
  set_properties(book.get(), extract.header);
  lxw_format* bold = workbook_add_format(book.get());
  format_set_bold(bold);
  lxw_row_t row = 0;
  const auto head = extract_table_head(extract);
  worksheet_freeze_panes(sheet, static_cast<lxw_row_t>(head.size()), 1);
  for (const ExtractCells& cells : head) write_row(sheet, row++, cells, bold);
  for (const ModelRecord& record : extract.models) {
    write_row(sheet, row++, extract_cells(record), nullptr);
  }
  const lxw_error closed = workbook_close(book.release());
  if (closed != LXW_NO_ERROR) return not_written(lxw_strerror(closed));
  return file.content();
}

}  // namespace cpl
