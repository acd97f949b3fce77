// The OTA header of a firmware file, and which octets its hash is of.
#include "registry/sheet/firmware_image.hpp"

#include <catch2/catch.hpp>

#include "tests/registry/sheet/firmware_file.hpp"

namespace cpl::firmware_image_test {
namespace {

std::string fault_of(const Bytes& file) {
  const auto read = read_firmware_image(file);
  return read ? std::string() : read.error().code + ": " + read.error().detail;
}

Bytes with(Bytes file, std::size_t at, std::uint64_t value, std::size_t octets = 2) {
  return file.replace(at, octets, FirmwareFile::number(value, octets));
}

}  // namespace

TEST_CASE("firmware: the header says whose it is, which version, and for what hardware") {
  FirmwareFile made;
  made.manufacturer = 0x121D;
  made.version = 0xACDCACDC;
  made.lowest = 0x0100;
  const Bytes file = made.octets();
  REQUIRE(file.size() == 361);
  const auto read = read_firmware_image(file);
  REQUIRE(read);
  CHECK(read->manufacturer_code == "121D");
  CHECK(read->image_type == "0000");
  CHECK(read->file_version == "ACDCACDC");
  REQUIRE(read->hardware);
  CHECK(read->hardware->lowest == "0100");
  CHECK(read->hardware->highest == "0203");
}

TEST_CASE("firmware: the hash is of what stands between the header and the signature") {
  const FirmwareFile made;
  const auto read = read_firmware_image(made.octets());
  REQUIRE(read);
  CHECK(read->image_sha256 == made.image_sha256());
  CHECK(read->file_sha256 == sha256(made.octets()));
  // Without a signature, of all that follows the header.
  Bytes bare = made.octets();
  bare.resize(60 + 235);
  CHECK(read_firmware_image(bare)->image_sha256 == made.image_sha256());
}

TEST_CASE("firmware: a header without hardware versions is shorter by them") {
  Bytes file = with(with(FirmwareFile().octets(), 6, 56), 8, 0);
  file.erase(56, 4);
  const auto read = read_firmware_image(file);
  REQUIRE(read);
  CHECK_FALSE(read->hardware);
  CHECK(read->image_sha256 == FirmwareFile().image_sha256());
}

TEST_CASE("firmware: any other file is refused with what a header would have in its place") {
  const Bytes file = FirmwareFile().octets();
  CHECK(fault_of("").find("0 octets") != std::string::npos);
  CHECK(fault_of(file.substr(0, 55)).find("firmware-not-ota") == 0);
  CHECK(fault_of(with(file, 0, 0x464C457F, 4)).find("begins with 7f454c46") != std::string::npos);
  CHECK(fault_of(with(file, 4, 0x0200)).find("version 0200") != std::string::npos);
  CHECK(fault_of(with(file, 6, 59)).find("59 octets") != std::string::npos);
  CHECK(fault_of(with(file, 6, 0xFFFF)).find("65535 octets") != std::string::npos);
  CHECK(fault_of(file.substr(0, 58)).find("60 octets") != std::string::npos);
  CHECK(fault_of(Bytes(firmware_size_max + 1, 'x')).find("firmware-too-large") == 0);
}

}  // namespace cpl::firmware_image_test
