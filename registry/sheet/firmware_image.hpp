// A firmware file as it is uploaded to devices: its ZigBee OTA header says whose firmware it is,
// for what, and which version, and its octets have a hash. What a manufacturer types into a sheet
// can be well formed and wrong; the file cannot. (ZigBee OTA Upgrade Cluster, 6.3.2.)
#pragma once

#include <optional>
#include <vector>

#include "crypto/hash.hpp"
#include "crypto/result.hpp"

namespace cpl {

inline constexpr std::size_t firmware_size_max = 10'240'000;  // As the DCC takes it.

struct HardwareRange {
  std::string lowest;  // 4 upper-case hexadecimal digits, as the next.
  std::string highest;
};

struct FirmwareImage {
  std::string manufacturer_code;  // 4 upper-case hexadecimal digits, as the next.
  std::string image_type;
  std::string file_version;  // 8 of them.
  std::optional<HardwareRange> hardware;
  // Of the Manufacturer Image: what follows the header, without the signature at the end of the
  // file.
  Hash image_sha256;
  Hash file_sha256;
  std::size_t size = 0;  // Octets of the whole file.
};

// Errors: `firmware-too-large`; `firmware-not-ota` says what is not as a header has it, and where.
Result<FirmwareImage> read_firmware_image(BytesView file);

}  // namespace cpl
