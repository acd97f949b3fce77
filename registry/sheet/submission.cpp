#include "registry/sheet/submission.hpp"

#include "crypto/encoding.hpp"
#include "registry/sheet/columns.hpp"

namespace cpl {
namespace {

using Severity = SheetProblem::Severity;
using sheet::Column;

void note(SheetReading& reading, std::size_t position, Column column, std::string detail,
          Severity severity = Severity::error) {
  reading.note({reading.rows[position], std::string(sheet::spec_of(column).name), severity,
                std::move(detail)});
}

// Of a file that belongs to no row.
void note_of_file(SheetReading& reading, std::string detail) {
  reading.note({1, "", Severity::error, std::move(detail)});
}

bool is_of(const FirmwareImage& image, const DeviceModel& model) {
  return image.manufacturer_code == model.manufacturer_id &&
         image.file_version == model.firmware_version;
}

// The row that a person most likely meant: it has the file's hash, else its version, else its code.
std::optional<std::size_t> nearest(const FirmwareImage& image, const SheetReading& reading) {
  std::optional<std::size_t> best;
  int best_weight = 0;
  for (std::size_t i = 0; i < reading.models.size(); ++i) {
    const DeviceModel& model = reading.models[i];
    const int weight = (model.image_hash == image.image_sha256 ? 4 : 0) +
                       (model.firmware_version == image.file_version ? 2 : 0) +
                       (model.manufacturer_id == image.manufacturer_code ? 1 : 0);
    if (weight <= best_weight) continue;
    best_weight = weight;
    best = i;
  }
  return best;
}

std::string header_text(const SubmittedFirmware& file) {
  return "the header of " + file.name + " says manufacturer " + file.image.manufacturer_code +
         " and file version " + file.image.file_version;
}

void note_no_row(const SubmittedFirmware& file, SheetReading& reading) {
  const auto at = nearest(file.image, reading);
  if (!at) {
    note_of_file(reading, header_text(file) + ", and no row has either: it is another firmware's");
    return;
  }
  const DeviceModel& model = reading.models[*at];
  const bool is_other_code = model.manufacturer_id != file.image.manufacturer_code;
  const Column column = is_other_code ? Column::manufacturer_id : Column::firmware_version;
  note(reading, *at, column,
       header_text(file) + ", and this row has " +
           (is_other_code ? model.manufacturer_id : model.firmware_version) +
           ": correct the cell, or give the file of this firmware");
}

void check_hash(const SubmittedFirmware& file, std::size_t at, SheetReading& reading) {
  const DeviceModel& model = reading.models[at];
  const std::string right = to_hex(file.image.image_sha256);
  if (!model.image_hash) {
    note(reading, at, Column::image_hash,
         "is empty: the SHA-256 of the Manufacturer Image in " + file.name + " is " + right);
  } else if (*model.image_hash == file.image.file_sha256) {
    note(reading, at, Column::image_hash,
         "is the hash of the whole file " + file.name +
             "; that of the Manufacturer Image, without header and signature, is " + right);
  } else if (*model.image_hash != file.image.image_sha256) {
    note(reading, at, Column::image_hash,
         "is not the hash of " + file.name + ", whose Manufacturer Image has " + right +
             ": correct the cell, or give the file that will be sent to devices");
  }
}

void check_hardware(const SubmittedFirmware& file, std::size_t at, SheetReading& reading) {
  const auto& range = file.image.hardware;
  const std::string& has = reading.models[at].hardware_version;
  if (!range || (range->lowest <= has && has <= range->highest)) return;
  note(reading, at, Column::hardware_version,
       file.name + " is for hardware " + range->lowest + " to " + range->highest +
           ", and this row is of " + has + ": a device of it would refuse the file");
}

template <class AnyCertificate>
bool is_mapped(const std::optional<AnyCertificate>& certificate) {
  return certificate && certificate->match == CertificateMatch::mapped_by_evidence;
}

bool is_named(const SubmittedEvidence& file, const DeviceModel& model) {
  return std::any_of(model.evidence.begin(), model.evidence.end(),
                     [&](const EvidenceReference& one) { return one.sha256 == file.sha256; });
}

}  // namespace

void check_firmware(const std::vector<SubmittedFirmware>& files, SheetReading& reading) {
  for (const SubmittedFirmware& file : files) {
    bool found = false;
    for (std::size_t i = 0; i < reading.models.size(); ++i) {
      if (!is_of(file.image, reading.models[i])) continue;
      found = true;
      check_hash(file, i, reading);
      check_hardware(file, i, reading);
    }
    if (!found) note_no_row(file, reading);
  }
}

void check_evidence(const std::vector<SubmittedEvidence>& files, SheetReading& reading) {
  for (std::size_t i = 0; i < reading.models.size(); ++i) {
    const DeviceModel& model = reading.models[i];
    const bool needs = is_mapped(model.zigbee) || is_mapped(model.dlms) || is_mapped(model.cpa);
    if (!needs || !model.evidence.empty()) continue;
    note(reading, i, Column::evidence,
         "is empty, and a certificate of this row is MAPPED_BY_EVIDENCE: write AUDIT_ONLY: and the "
         "SHA-256 of the file that maps the certificate's firmware to this one, such as an extract "
         "of release notes. SECAS keeps the file; only its hash is published");
  }
  for (const SubmittedEvidence& file : files) {
    const bool named = std::any_of(reading.models.begin(), reading.models.end(),
                                   [&](const DeviceModel& model) { return is_named(file, model); });
    if (named) continue;
    note_of_file(reading, "no row names " + file.name + " in evidence: write AUDIT_ONLY:" +
                              to_hex(file.sha256) + " in the rows that it is about");
  }
}

void check_sender(Sender sender, SheetReading& reading) {
  for (std::size_t i = 0; i < reading.models.size(); ++i) {
    const DeviceModel& model = reading.models[i];
    const bool is_smets1 = model.generation == "SMETS1";
    const bool is_dccs = is_smets1 || model.device_type == DeviceType::ch;
    if (is_dccs == (sender == Sender::dcc)) continue;
    note(reading, i, is_smets1 ? Column::generation : Column::physical_device_type,
         is_dccs ? "only the DCC submits SMETS1 entries and Communications Hubs: ask the DCC to "
                   "send this row"
                 : "a supplier or the manufacturer submits this, not the DCC");
  }
}

void check_predecessors(SheetReading& reading) {
  for (std::size_t i = 0; i < reading.models.size(); ++i) {
    if (!reading.models[i].predecessors.empty()) continue;
    note(reading, i, Column::predecessors,
         "names no firmware that can be upgraded to this one: right for the first firmware of a "
         "hardware, and for no other",
         Severity::warning);
  }
}

}  // namespace cpl
