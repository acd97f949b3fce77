// The columns of a model sheet and the matching of a header to them. Part of model_sheet.
#pragma once

#include "registry/sheet/model_sheet.hpp"

namespace cpl::sheet {

// In the order they are written; the joined and read-only ones stand last.
enum class Column : std::uint8_t {
  cpl_entry_id,
  generation,
  physical_device_type,
  manufacturer_id,
  manufacturer_name,
  model_id,
  hardware_version,
  firmware_version,
  firmware_version_printed,
  firmware_encoding,
  ts_name,
  ts_version,
  gbcs_version,
  esme_variant,
  han_variant,
  image_hash,
  image_creator,
  image_hash_signature,
  associating_party,
  cert_zigbee_number,
  cert_zigbee_as_printed,
  cert_zigbee_issue_date,
  cert_zigbee_match,
  cert_zigbee_status,
  cert_dlms_number,
  cert_dlms_as_printed,
  cert_dlms_issue_date,
  cert_dlms_match,
  cert_dlms_status,
  cert_cpa_number,
  cert_cpa_as_printed,
  cert_cpa_sc_version,
  cert_cpa_issue_date,
  cert_cpa_kind,
  cert_cpa_expiry_date,
  cert_cpa_renewal_date,
  cert_cpa_match,
  cert_cpa_status,
  evidence,
  predecessors,
  fir_contact,
  fir_release_date,
  fir_notes,
  submitted_by,
  received_at,
  s1_combination_refs,
  remarks,
  device_model,
  ts,
  status,
};
inline constexpr std::size_t column_count = static_cast<std::size_t>(Column::status) + 1;
inline constexpr std::size_t written_column_count = static_cast<std::size_t>(Column::device_model);

constexpr std::size_t index_of(Column column) { return static_cast<std::size_t>(column); }

// Without these no row is a model; the joined columns may stand for their parts.
inline constexpr std::array<Column, 9> needed_columns = {
    Column::generation,       Column::physical_device_type,
    Column::manufacturer_id,  Column::manufacturer_name,
    Column::model_id,         Column::hardware_version,
    Column::firmware_version, Column::ts_name,
    Column::ts_version};

enum class CellKind : std::uint8_t {
  code,   // A value of some grammar: "N/A" means that there is none.
  line,   // Free text of one line.
  lines,  // Free text that may hold line feeds.
};

struct ColumnSpec {
  std::string_view name;
  CellKind kind = CellKind::code;
  std::size_t size_max = 100;
};
const ColumnSpec& spec_of(Column column);
std::optional<Column> column_named(std::string_view name);

// Letters and digits in lower case; whatever else is not ASCII stays.
std::string normalized(std::string_view text);

// Without outer spaces, no-break spaces and line ends.
std::string_view trimmed(std::string_view text);

// How many of the fields name a column of ours.
std::size_t known_columns(const CsvRow& row);

// Where each column stands in the rows of one sheet.
class Header {
 public:
  // Notes doubled, missing and unknown columns.
  // A column that is nearly one of ours is an error, unless it is among those kept.
  Header(const CsvRow& row, const std::vector<std::string>& kept, SheetReading& reading);

  struct Extra {
    std::size_t position;
    std::string name;  // Empty where the header is.
  };

  std::optional<std::size_t> position(Column column) const { return places_[index_of(column)]; }
  const std::vector<Extra>& extras() const { return extras_; }
  // The same names again, as where pages of a list were joined.
  bool is_repeated_in(const CsvRow& row) const;
  // As the sheet spells it; our name for a column that it does not have.
  std::string name(Column column) const;

 private:
  void place(std::size_t position, const std::string& name, std::size_t row, SheetReading& reading);
  void note_stranger(const std::string& name, std::size_t row, const std::vector<std::string>& kept,
                     SheetReading& reading) const;
  void require_columns(std::size_t row, SheetReading& reading) const;

  std::array<std::optional<std::size_t>, column_count> places_{};
  std::vector<std::string> names_;  // Of all fields of the header.
  std::vector<Extra> extras_;
};

inline constexpr std::size_t remarks_size_max = 2000;
inline constexpr std::size_t references_max = 64;

}  // namespace cpl::sheet
