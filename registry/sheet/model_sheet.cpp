#include "registry/sheet/model_sheet.hpp"

#include "crypto/encoding.hpp"
#include "registry/sheet/header.hpp"
#include "registry/sheet/links.hpp"

namespace cpl {
namespace {

using sheet::Column;
using Severity = SheetProblem::Severity;

class SheetReader {
 public:
  explicit SheetReader(const SheetDefaults& defaults) : defaults_(defaults) {}

  SheetReading read(BytesView csv) {
    auto reader = CsvReader::open(csv);
    if (!reader) {
      fail(1, reader.error().detail);
    } else {
      read_rows(*reader);
    }
    if (!reading_.usable()) {
      reading_.models.clear();
      reading_.rows.clear();
    }
    std::stable_sort(reading_.problems.begin(), reading_.problems.end(),
                     [](const auto& a, const auto& b) { return a.row < b.row; });
    return std::move(reading_);
  }

 private:
  void fail(std::size_t row, std::string detail) {
    reading_.note({row, "", Severity::error, std::move(detail)});
  }

  void warn(std::size_t row, std::string detail) {
    reading_.note({row, "", Severity::warning, std::move(detail)});
  }

  // The row that names the columns: the first, unless titles stand above it.
  std::optional<CsvRow> header_row(CsvReader& reader) {
    const auto place = sheet::find_header(reader);
    if (!place) return next(reader);
    reader = place->reader;
    auto row = next(reader);
    for (std::size_t above = 0; row && above < place->rows_above; ++above) {
      reader.begin_anew();
      row = next(reader);
    }
    if (place->rows_above > 0) {
      warn(row ? row->number : 1, counted(place->rows_above, "row") +
                                      " above the names of the columns " +
                                      (place->rows_above == 1 ? "is" : "are") + " not read");
    }
    return row;
  }

  // The next row; nothing after the last and, once that has been noted, where the text is broken.
  std::optional<CsvRow> next(CsvReader& reader) {
    auto row = reader.next();
    if (row) return *std::move(row);
    fail(reader.rows_read(), row.error().detail);
    cut_short_ = true;
    return std::nullopt;
  }

  void read_rows(CsvReader& reader) {
    const auto first = header_row(reader);
    if (!first) {
      if (!cut_short_) fail(1, "the sheet is empty: the first row must name the columns");
      return;
    }
    if (sheet::known_columns(*first) == 0) {
      return fail(first->number,
                  "no row names the columns: above the models must stand one with generation, "
                  "physical_device_type, manufacturer_id and so on");
    }
    const sheet::Header header(*first, defaults_.kept_columns, reading_);
    // Under a header that is not understood every row would look wrong.
    if (!reading_.usable()) return;
    std::vector<std::vector<std::string>> predecessors;
    std::vector<std::string> faulty_entry_ids;
    while (const auto row = next(reader)) {
      sheet::Cells cells(header, *row, defaults_.dates, reading_);
      if (cells.all_empty()) continue;
      if (header.is_repeated_in(*row)) {
        warn(row->number, "names the columns again, and is passed over");
        continue;
      }
      if (cells.is_no_model()) {
        fail(row->number,
             "has nothing in the columns that every model needs: take it out of the sheet, or, if "
             "it is the rest of a text in the row above, put that text in quotation marks");
        continue;
      }
      sheet::RowModel read = sheet::read_row(cells, defaults_);
      if (read.faulty) {
        if (read.model.cpl_entry_id) faulty_entry_ids.push_back(*read.model.cpl_entry_id);
        continue;
      }
      reading_.models.push_back(std::move(read.model));
      reading_.rows.push_back(row->number);
      predecessors.push_back(std::move(read.predecessors));
    }
    if (reading_.usable() && reading_.models.empty()) {
      reading_.note({first->number, "", Severity::warning, "no row follows the header"});
    }
    // What is missing behind a broken place would look unknown.
    if (cut_short_) return;
    sheet::Links(header, reading_, std::move(predecessors), std::move(faulty_entry_ids)).check();
  }

  const SheetDefaults& defaults_;
  SheetReading reading_;
  bool cut_short_ = false;  // By a place where the text is not CSV.
};

// One row, by column.
class RowWriter {
 public:
  void write(const DeviceModel& model, std::string& out) {
    fields_.assign(sheet::written_column_count, "");
    identity(model);
    specification(model);
    if (model.zigbee) certificate(Column::cert_zigbee_number, *model.zigbee);
    if (model.dlms) certificate(Column::cert_dlms_number, *model.dlms);
    if (model.cpa) cpa(*model.cpa);
    references(model);
    origin(model);
    append_csv_row(out, fields_);
  }

 private:
  void put(Column column, std::string_view text) {
    fields_[sheet::index_of(column)] = text_for_spreadsheet(text);
  }
  void put_known(Column column, const std::optional<std::string>& text) {
    if (text) put(column, *text);
  }

  void identity(const DeviceModel& model) {
    put_known(Column::cpl_entry_id, model.cpl_entry_id);
    put(Column::generation, model.generation);
    put(Column::physical_device_type, to_string(model.device_type));
    put(Column::manufacturer_id, model.manufacturer_id);
    put(Column::manufacturer_name, model.manufacturer_name);
    put(Column::model_id, model.model_id);
    put(Column::hardware_version, model.hardware_version);
    put(Column::firmware_version, model.firmware_version);
    put_known(Column::firmware_version_printed, model.firmware_version_printed);
    put_known(Column::firmware_encoding, model.firmware_encoding);
  }

  void specification(const DeviceModel& model) {
    put(Column::ts_name, model.ts_name);
    put(Column::ts_version, model.ts_version);
    put_known(Column::gbcs_version, model.gbcs_version);
    put_known(Column::esme_variant, model.esme_variant);
    put_known(Column::han_variant, model.han_variant);
    if (model.image_hash) put(Column::image_hash, to_hex(*model.image_hash));
    put_known(Column::image_creator, model.image_creator);
    put_known(Column::image_hash_signature, model.image_hash_signature);
    put_known(Column::associating_party, model.associating_party);
  }

  // The columns of a ZigBee and of a DLMS certificate stand in the same order.
  void certificate(Column first, const Certificate& certificate) {
    const auto column = [&](std::size_t offset) {
      return static_cast<Column>(sheet::index_of(first) + offset);
    };
    put(column(0), certificate.number);
    put_known(column(1), certificate.as_printed);
    put(column(2), certificate.issue_date.text());
    put(column(3), word_of(certificate.match));
    put(column(4), "VALID");
  }

  void cpa(const CpaCertificate& certificate) {
    const bool dated = certificate.kind == CpaCertificate::Kind::dated;
    put(Column::cert_cpa_number, certificate.number);
    put_known(Column::cert_cpa_as_printed, certificate.as_printed);
    put_known(Column::cert_cpa_sc_version, certificate.security_characteristic_version);
    put(Column::cert_cpa_issue_date, certificate.issue_date.text());
    put(Column::cert_cpa_kind, word_of(certificate.kind));
    put(dated ? Column::cert_cpa_expiry_date : Column::cert_cpa_renewal_date,
        certificate.end_date.text());
    put(Column::cert_cpa_match, word_of(certificate.match));
    put(Column::cert_cpa_status, "VALID");
  }

  void references(const DeviceModel& model) {
    std::string evidence;
    for (const EvidenceReference& item : model.evidence) {
      evidence += (evidence.empty() ? "" : "; ") +
                  std::string(item.is_public ? "PUBLIC:" : "AUDIT_ONLY:") + to_hex(item.sha256);
    }
    put(Column::evidence, evidence);
    std::string predecessors;
    for (const ModelId& id : model.predecessors) {
      predecessors += (predecessors.empty() ? "" : "; ") + id.text();
    }
    put(Column::predecessors, predecessors.empty() ? "N/A" : predecessors);
    std::string combinations;
    for (const std::string& reference : model.s1_combination_refs) {
      combinations += (combinations.empty() ? "" : "; ") + reference;
    }
    put(Column::s1_combination_refs, combinations);
  }

  void origin(const DeviceModel& model) {
    put_known(Column::fir_contact, model.fir_contact);
    if (model.fir_release_date) put(Column::fir_release_date, model.fir_release_date->text());
    put_known(Column::fir_notes, model.fir_notes);
    put(Column::submitted_by, model.submitted_by);
    put(Column::received_at, format_time(model.received_at));
    put_known(Column::remarks, model.remarks);
  }

  std::vector<std::string> fields_;
};

}  // namespace

void SheetReading::note(SheetProblem problem) {
  std::size_t& count = problem.severity == Severity::error ? error_count : warning_count;
  if (++count <= problems_max) problems.push_back(std::move(problem));
}

SheetReading read_model_sheet(BytesView csv, const SheetDefaults& defaults) {
  return SheetReader(defaults).read(csv);
}

std::string write_model_sheet(std::span<const DeviceModel> models) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < sheet::written_column_count; ++i) {
    names.emplace_back(sheet::spec_of(static_cast<Column>(i)).name);
  }
  std::string out;
  append_csv_row(out, names);
  RowWriter writer;
  for (const DeviceModel& model : models) writer.write(model, out);
  return out;
}

}  // namespace cpl
