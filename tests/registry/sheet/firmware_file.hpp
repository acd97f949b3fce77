// A firmware file made to order, in the shape of real ones.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/hash.hpp"

namespace cpl {

struct FirmwareFile {
  std::uint16_t manufacturer = 0x1063;
  std::uint32_t version = 0x00000001;
  std::uint16_t lowest = 0x0203;
  std::uint16_t highest = 0x0203;
  Bytes image = Bytes(235, 'i');

  Bytes octets() const {
    Bytes file = number(0x0BEEF11E, 4) + number(0x0100, 2) + number(60, 2) + number(4, 2) +
                 number(manufacturer, 2) + number(0, 2) + number(version, 4) + number(2, 2) +
                 Bytes(32, 'h') + number(60 + image.size() + 66, 4) + number(lowest, 2) +
                 number(highest, 2);
    return file + image + Bytes("\x00\x40", 2) + Bytes(64, 's');
  }
  Hash image_sha256() const { return sha256(image); }

  static Bytes number(std::uint64_t value, std::size_t octets) {
    Bytes text;
    for (std::size_t i = 0; i < octets; ++i, value >>= 8U) text += static_cast<char>(value & 0xFFU);
    return text;
  }
};

}  // namespace cpl
