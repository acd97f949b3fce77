// What is looked at in a manufacturer's submission besides its cells: the firmware file against the
// row that it is of, evidence against what the rows name, and who may send what. Notes problems of
// rows, each with the reason and what to do.
#pragma once

#include "registry/base/words.hpp"
#include "registry/sheet/firmware_image.hpp"
#include "registry/sheet/model_sheet.hpp"

namespace cpl {

enum class Sender : std::uint8_t { dcc, supplier, manufacturer };
inline constexpr std::array<std::string_view, 3> sender_words = {"dcc", "supplier", "manufacturer"};
template <>
struct Words<Sender> {
  static constexpr const auto& list = sender_words;
};

// A file that comes with the sheet, as it is called.
struct SubmittedFirmware {
  std::string name;
  FirmwareImage image;
};
struct SubmittedEvidence {
  std::string name;
  Hash sha256;
};

// Everything is of a sheet that read without an error.
// Manufacturer code, file version, hardware version and hash of each file equal those of a row.
void check_firmware(const std::vector<SubmittedFirmware>& files, SheetReading& reading);
// A certificate that is mapped by evidence names some; files that are given are named.
void check_evidence(const std::vector<SubmittedEvidence>& files, SheetReading& reading);
// The DCC sends SMETS1 entries and Communications Hubs, suppliers and manufacturers the rest.
void check_sender(Sender sender, SheetReading& reading);
// Which firmware can be upgraded to this one is asked of every new entry.
void check_predecessors(SheetReading& reading);

}  // namespace cpl
