// Where a sheet names its columns, and what divides them. Part of model_sheet.
#pragma once

#include "registry/sheet/columns.hpp"

namespace cpl::sheet {

struct HeaderPlace {
  CsvReader reader;  // Before the first row.
  std::size_t rows_above = 0;
};

// The row with the most names of columns among the first ones, with whatever separator gives them.
// Nothing where no row has some.
std::optional<HeaderPlace> find_header(const CsvReader& unread);

}  // namespace cpl::sheet
