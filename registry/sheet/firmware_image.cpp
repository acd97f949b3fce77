#include "registry/sheet/firmware_image.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t fixed_size = 56;  // Of the fields that every header has.
constexpr std::size_t header_size_max = 69;
constexpr std::uint64_t file_identifier = 0x0BEEF11E;
constexpr std::uint64_t header_version = 0x0100;
constexpr std::uint64_t has_credential_version = 1U << 0U;
constexpr std::uint64_t has_destination = 1U << 1U;
constexpr std::uint64_t has_hardware_versions = 1U << 2U;
constexpr std::size_t signature_size = 64;
constexpr BytesView signature_mark("\x00\x40", 2);  // 64 octets follow.

Error not_ota(std::string detail) {
  return malformed("firmware-not-ota",
                   "this is no firmware file with a ZigBee OTA header: " + std::move(detail));
}

// Numbers of the header begin with their lowest octet.
std::uint64_t number_at(BytesView file, std::size_t at, std::size_t octets) {
  std::uint64_t value = 0;
  for (std::size_t i = octets; i > 0; --i) {
    value = value << 8U | static_cast<unsigned char>(file[at + i - 1]);
  }
  return value;
}

std::string digits(std::uint64_t value, std::size_t count) {
  constexpr std::string_view hexadecimal = "0123456789ABCDEF";
  std::string text(count, '0');
  for (std::size_t i = count; i > 0; --i, value >>= 4U) text[i - 1] = hexadecimal[value & 0xFU];
  return text;
}

// Where the fields that are not in every header end.
std::size_t fields_end(std::uint64_t control) {
  std::size_t end = fixed_size;
  if ((control & has_credential_version) != 0) end += 1;
  if ((control & has_destination) != 0) end += 8;
  if ((control & has_hardware_versions) != 0) end += 4;
  return end;
}

// Of what follows the header: without the signature that may stand behind it.
BytesView manufacturer_image(BytesView rest) {
  const std::size_t trailer = signature_mark.size() + signature_size;
  if (rest.size() <= trailer) return rest;
  const std::size_t end = rest.size() - trailer;
  return rest.substr(end, signature_mark.size()) == signature_mark ? rest.substr(0, end) : rest;
}

}  // namespace

Result<FirmwareImage> read_firmware_image(BytesView file) {
  if (file.size() > firmware_size_max) {
    return Error{Errc::too_large, "firmware-too-large",
                 "a firmware file has at most " + std::to_string(firmware_size_max) + " octets"};
  }
  if (file.size() < fixed_size) {
    return not_ota("it has " + counted(file.size(), "octet") + ", and a header alone has 56");
  }
  if (number_at(file, 0, 4) != file_identifier) {
    return not_ota("it begins with " + to_hex(file.substr(0, 4)) + ", and should with 1ef1ee0b");
  }
  if (number_at(file, 4, 2) != header_version) {
    return not_ota("its header has version " + digits(number_at(file, 4, 2), 4) +
                   ", and this reads 0100");
  }
  const std::size_t header_size = number_at(file, 6, 2);
  const std::uint64_t control = number_at(file, 8, 2);
  const std::size_t end = fields_end(control);
  if (header_size < end || header_size > header_size_max || header_size > file.size()) {
    return not_ota("its header says that it has " + counted(header_size, "octet") +
                   ", and its fields take " + std::to_string(end));
  }
  FirmwareImage image;
  image.manufacturer_code = digits(number_at(file, 10, 2), 4);
  image.image_type = digits(number_at(file, 12, 2), 4);
  image.file_version = digits(number_at(file, 14, 4), 8);
  if ((control & has_hardware_versions) != 0) {
    image.hardware = HardwareRange{digits(number_at(file, end - 4, 2), 4),
                                   digits(number_at(file, end - 2, 2), 4)};
  }
  image.image_sha256 = sha256(manufacturer_image(file.substr(header_size)));
  image.file_sha256 = sha256(file);
  image.size = file.size();
  return image;
}

}  // namespace cpl
