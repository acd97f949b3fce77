// One row of a model sheet as a device model. Part of model_sheet.
#pragma once

#include <bitset>

#include "registry/sheet/damage.hpp"

namespace cpl::sheet {

struct RowModel {
  DeviceModel model;                      // Without predecessors.
  std::vector<std::string> predecessors;  // Model ids or entry ids, as the cell names them.
  bool faulty = false;
};

// The cells of one row, read by column. Each accessor notes what is wrong and returns a harmless
// value, so that one pass reports every fault.
class Cells {
 public:
  Cells(const Header& header, const CsvRow& row, SheetDefaults::DateOrder dates,
        SheetReading& reading);

  bool all_empty() const;
  // Nothing stands in any column that every model needs.
  bool is_no_model() const;
  // Notes, once for the row, what a spreadsheet or a conversion did to its cells.
  void check_damage();
  bool faulty() const { return faulty_.any(); }
  bool faulty(Column column) const { return faulty_[index_of(column)]; }

  // Empty where the column or the value is absent, or a fault of it has been noted.
  std::string text(Column column);
  std::string needed_text(Column column);
  std::optional<std::string> optional_text(Column column);
  std::string hex(Column column, std::size_t digits);  // Upper case.
  // One of the words; its position. Spelling may differ in case and punctuation, with a warning.
  std::optional<std::size_t> word(Column column, std::span<const std::string_view> words);
  std::optional<std::string> word_text(Column column, std::span<const std::string_view> words);
  std::optional<Date> date(Column column);
  std::optional<Hash> hash(Column column);
  std::optional<UnixMillis> time(Column column);
  // The parts of a list that are not empty.
  std::vector<std::string> list(Column column, std::string_view separators);
  // "Header: value; …" of the columns that we do not know.
  std::string extras();

  void fail(Column column, std::string detail);
  void warn(Column column, std::string detail);
  // What else is wrong with this cell follows from what has been said: keep quiet about it.
  void silence(Column column) { faulty_.set(index_of(column)); }

 private:
  std::string raw(std::size_t position) const;
  std::optional<CellDamage> damage_at(std::size_t position, const ColumnSpec& spec) const;

  const Header& header_;
  const CsvRow& row_;
  const SheetDefaults::DateOrder dates_;
  SheetReading& reading_;
  std::bitset<column_count> faulty_;
};

RowModel read_row(Cells& cells, const SheetDefaults& defaults);

}  // namespace cpl::sheet
