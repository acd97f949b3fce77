// A products list as a spreadsheet: one row per device model, read from CSV and written back.
// Reading reports everything that is wrong at once, with row and column, so that a clerk mends a
// sheet in one go; a sheet with any error gives no model at all.
//
// Only letters and digits of a header count: "CPL Entry-ID" is cpl_entry_id. The columns, in the
// order they are written (* needed; other names in parentheses):
//
//   cpl_entry_id (Entry ID), generation*, physical_device_type* (Device Type),
//   manufacturer_id* (Manufacturer Code, Device Manufacturer), manufacturer_name* (Manufacturer),
//   model_id* and hardware_version*, or both joined: device_model (Device Model Identifier),
//   firmware_version* (Firmware, Device Firmware Version, OTA File Version),
//   firmware_version_printed (Printed Firmware Version), firmware_encoding,
//   ts_name* and ts_version*, or both joined: ts (SMETS/CHTS Version, Technical Specification),
//   gbcs_version (GBCS, Device GBCS Version), esme_variant (Variant), han_variant,
//   image_hash (Hash, Firmware Hash, Manufacturer Image Hash), image_creator,
//   image_hash_signature (Hash Signature), associating_party,
//   cert_zigbee_*, cert_dlms_*: number, as_printed, issue_date, match, status;
//   cert_cpa_*: number, as_printed, sc_version, issue_date, kind, expiry_date, renewal_date, match,
//     status ("CPA Certificate Expiry Date", "ZigBee Certificate Number" and "CPA Expiry" will do).
//     A certificate is whole or absent; of a CPA certificate the kind may be left to the date
//     given,
//   evidence (Evidence Refs): PUBLIC:<SHA-256> or AUDIT_ONLY:<SHA-256>, the latter understood,
//   predecessors (Predecessor Entry IDs, Previous Entry IDs, Upgradable From): model ids, or entry
//     ids of rows of this sheet,
//   fir_contact (Manufacturer Contact), fir_release_date (Release Date), fir_notes (Release Notes),
//   submitted_by (Submitter), received_at (Received), s1_combination_refs, remarks (Notes),
//   and, read but never written: status (CPL Status).
//
// Lists in a cell are separated by semicolons; evidence and predecessors by spaces too. "N/A" means
// empty, except in free text. Outer spaces are dropped. Columns of other names go into the remarks.
#pragma once

#include "registry/base/csv.hpp"
#include "registry/statement/model.hpp"

namespace cpl {

struct SheetProblem {
  enum class Severity : std::uint8_t { error, warning };

  std::size_t row = 0;  // As a spreadsheet counts; the header is row 1.
  std::string column;   // As the header spells it. Empty where the whole row is meant.
  Severity severity{};
  std::string detail;
};

// What a sheet may leave unsaid.
struct SheetDefaults {
  // Of dates with slashes: which of day, month and year comes first.
  enum class DateOrder : std::uint8_t { unsaid, dmy, mdy };

  std::string submitted_by;
  UnixMillis received_at;
  DateOrder dates = DateOrder::unsaid;
  std::optional<CertificateMatch> match{};  // Of certificates where the cell is empty.
  std::vector<std::string> kept_columns{};  // Not ours, though their names are nearly ours.
};

struct SheetReading {
  static constexpr std::size_t problems_max = 1000;  // Listed, of each severity.

  std::vector<DeviceModel> models;  // Empty where there is an error.
  std::vector<std::size_t> rows;    // models[i] stands in rows[i].
  std::vector<SheetProblem> problems;
  std::size_t error_count = 0;
  std::size_t warning_count = 0;

  bool usable() const { return error_count == 0; }
  void note(SheetProblem problem);
};

SheetReading read_model_sheet(BytesView csv, const SheetDefaults& defaults);

// Indices into `models`, in generations: each model comes in a later one than every predecessor of
// its that is among them. Refuses a circle.
Result<std::vector<std::vector<std::size_t>>> order_by_predecessors(
    std::span<const DeviceModel> models);

// All columns, CRLF. Reading it gives the same models, times cut to seconds.
std::string write_model_sheet(std::span<const DeviceModel> models);

}  // namespace cpl
