// What the three forms of an extract share: the header and one row as JSON objects, and the same
// as rows of cells.
#pragma once

#include "registry/base/json.hpp"
#include "registry/extract/extract.hpp"

namespace cpl {

inline constexpr std::string_view extract_format_name = "cpl/extract/v1";

Error extract_error(std::string detail);

Json extract_header_json(const Extract& extract);
Result<ExtractHeader> read_extract_header(Json value);
Json extract_row_json(const ModelRecord& record);
Result<ModelRecord> read_extract_row(Json value);

// Each row holds a model that sorts after the one before, and not too many do.
Result<void> add_extract_row(Extract& extract, ModelRecord record);

Bytes format_extract_json(const Extract& extract);
Result<Extract> parse_extract_json(BytesView content);
Bytes format_extract_csv(const Extract& extract);
Result<Extract> parse_extract_csv(BytesView content);
Result<Bytes> format_extract_xlsx(const Extract& extract);
Result<Extract> parse_extract_xlsx(BytesView content);

using ExtractCells = std::vector<std::string>;

// Rows of the table above the models: one for each member of the header, as name and value, then
// the names of the columns.
std::size_t extract_column_count();
std::vector<ExtractCells> extract_table_head(const Extract& extract);
ExtractCells extract_cells(const ModelRecord& record);

// Reads a table row by row; empty cells at a row's end may be left out. Whatever is not spelt as it
// would be written is refused with its row.
class ExtractTableReader {
 public:
  Result<void> take(ExtractCells cells);
  Result<Extract> finish() &&;

 private:
  Result<void> take_head();

  std::size_t row_ = 0;
  std::vector<ExtractCells> head_;
  Extract extract_;
};

}  // namespace cpl
