// A products list as a sheet, for tests: sound until a test spoils a cell.
#pragma once

#include <catch2/catch.hpp>

#include "registry/sheet/model_sheet.hpp"

namespace cpl {

using Severity = SheetProblem::Severity;

inline const SheetDefaults defaults = {"Example Meters Ltd", *parse_time("2026-07-09T10:15:30Z")};

// Rows of named cells; the columns come out in the order of their names.
class Sheet {
 public:
  Sheet() { add("CPL-000001", "00000001"); }

  Sheet& add(const std::string& entry_id, const std::string& firmware) {
    rows_.push_back({{"cpl_entry_id", entry_id},
                     {"generation", "SMETS2+"},
                     {"physical_device_type", "ESME"},
                     {"manufacturer_id", "1063"},
                     {"manufacturer_name", "Example Meters Ltd"},
                     {"model_id", "0005"},
                     {"hardware_version", "0203"},
                     {"firmware_version", firmware},
                     {"ts_name", "SMETS"},
                     {"ts_version", "V4.2"},
                     {"gbcs_version", "3.2"},
                     {"esme_variant", "ADE"},
                     {"han_variant", ""},
                     {"image_hash", std::string(64, 'a')},
                     {"cert_zigbee_number", "ZIG1"},
                     {"cert_zigbee_issue_date", "2022-08-30"},
                     {"cert_zigbee_match", "EXACT"},
                     {"cert_cpa_number", "CPA1"},
                     {"cert_cpa_issue_date", "2022-08-30"},
                     {"cert_cpa_kind", "DATED"},
                     {"cert_cpa_expiry_date", "2028-08-30"},
                     {"cert_cpa_renewal_date", ""},
                     {"cert_cpa_match", "EXACT"},
                     {"predecessors", "N/A"},
                     {"remarks", ""}});
    return *this;
  }
  // In the last row.
  Sheet& set(const std::string& column, const std::string& value) {
    for (auto& row : rows_) row.emplace(column, "");
    rows_.back()[column] = value;
    return *this;
  }
  Sheet& drop(const std::string& column) {
    for (auto& row : rows_) row.erase(column);
    return *this;
  }
  std::string text() const {
    std::string out;
    std::vector<std::string> fields;
    for (const auto& [name, value] : rows_.front()) fields.push_back(name);
    append_csv_row(out, fields);
    for (const auto& row : rows_) {
      fields.clear();
      for (const auto& [name, value] : row) fields.push_back(value);
      append_csv_row(out, fields);
    }
    return out;
  }
  SheetReading read() const { return read_model_sheet(text(), defaults); }

 private:
  std::vector<std::map<std::string, std::string>> rows_;
};

inline std::string told(const SheetReading& reading) {
  std::string out;
  for (const SheetProblem& problem : reading.problems) {
    out += std::to_string(problem.row) + " [" + problem.column + "] " +
           (problem.severity == Severity::error ? "error: " : "warning: ") + problem.detail + "\n";
  }
  return out;
}

// Exactly one problem, of this place and severity, saying this.
inline void has_only(const SheetReading& reading, Severity severity, std::size_t row,
                     const std::string& column, const std::string& said) {
  INFO(told(reading));
  REQUIRE(reading.problems.size() == 1);
  const SheetProblem& problem = reading.problems.front();
  CHECK(problem.row == row);
  CHECK(problem.column == column);
  CHECK(problem.severity == severity);
  CHECK_THAT(problem.detail, Catch::Contains(said));
  CHECK(reading.usable() == (severity == Severity::warning));
  if (severity == Severity::error) CHECK(reading.models.empty());
}
inline void fails(const Sheet& sheet, std::size_t row, const std::string& column,
                  const std::string& said) {
  has_only(sheet.read(), Severity::error, row, column, said);
}
inline DeviceModel warns(const Sheet& sheet, std::size_t row, const std::string& column,
                         const std::string& said) {
  const SheetReading reading = sheet.read();
  has_only(reading, Severity::warning, row, column, said);
  return reading.models.back();
}
inline DeviceModel accepts(const Sheet& sheet) {
  const SheetReading reading = sheet.read();
  INFO(told(reading));
  REQUIRE(reading.problems.empty());
  return reading.models.back();
}

}  // namespace cpl
