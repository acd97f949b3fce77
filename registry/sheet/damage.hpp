// What spreadsheets, exports and conversions make of a cell, in whatever column it stands. Part of
// model_sheet.
#pragma once

#include "registry/sheet/columns.hpp"

namespace cpl::sheet {

struct CellDamage {
  SheetProblem::Severity severity{};
  std::string detail;
};

// Of a cell as the file has it, without outer spaces. The first that is found.
std::optional<CellDamage> find_damage(std::string_view cell, const ColumnSpec& spec);

// "[U+0410], a Cyrillic letter that looks like "A"": the first letter of another alphabet that
// people take for one of ours.
std::optional<std::string> find_look_alike(std::string_view text);

// Spaces of other widths, no-break spaces among them, as plain ones.
std::string with_plain_spaces(std::string_view text);

// At most 64 octets and a bit of it, in quotation marks.
std::string quoted(std::string_view text);

// What to do where a spreadsheet took digits for a number.
extern const std::string_view text_format_advice;

}  // namespace cpl::sheet
