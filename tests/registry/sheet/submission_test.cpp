// A submission beside the files that come with it: valid values that are wrong are found.
#include "registry/sheet/submission.hpp"

#include "crypto/encoding.hpp"
#include "tests/registry/sheet/firmware_file.hpp"
#include "tests/registry/sheet/sheet_fixture.hpp"

namespace cpl::submission_test {
namespace {

// One ESME of manufacturer 1063, hardware 0203, firmware 00000001, with the file's hash.
SheetReading one_row(const FirmwareFile& file = {}) {
  DeviceModel model;
  model.generation = "SMETS2+";
  model.device_type = DeviceType::esme;
  model.manufacturer_id = "1063";
  model.hardware_version = "0203";
  model.firmware_version = "00000001";
  model.image_hash = file.image_sha256();
  SheetReading reading;
  reading.models = {model};
  reading.rows = {2};
  return reading;
}

std::vector<SubmittedFirmware> given(const FirmwareFile& file) {
  return {{"image.zigbee", read_firmware_image(file.octets()).value()}};
}

void check_problem(const SheetReading& reading, const std::string& column,
                   const std::string& says) {
  REQUIRE(reading.problems.size() == 1);
  const SheetProblem& problem = reading.problems[0];
  CHECK(problem.severity == Severity::error);
  CHECK(problem.column == column);
  INFO(problem.detail);
  CHECK(problem.detail.find(says) != std::string::npos);
}

}  // namespace

TEST_CASE("submission: a firmware file that is of a row says nothing against it") {
  SheetReading reading = one_row();
  check_firmware(given({}), reading);
  CHECK(reading.problems.empty());
}

TEST_CASE("submission: a version or code that is well formed and another's is found (B4)") {
  FirmwareFile file;
  file.version = 0x00000010;
  SheetReading version = one_row();
  check_firmware(given(file), version);
  check_problem(version, "firmware_version", "file version 00000010, and this row has 00000001");
  file = {};
  file.manufacturer = 0x10E0;
  SheetReading code = one_row();
  check_firmware(given(file), code);
  check_problem(code, "manufacturer_id", "manufacturer 10E0");
  file.version = 7;
  file.image = "another";
  SheetReading nothing = one_row();
  check_firmware(given(file), nothing);
  check_problem(nothing, "", "no row has either");
}

TEST_CASE(
    "submission: a hash that is another's, the whole file's, or missing is told with the right "
    "one") {
  const FirmwareFile file;
  const std::string right = to_hex(file.image_sha256());
  SheetReading wrong = one_row();
  wrong.models[0].image_hash = sha256("another image");
  check_firmware(given(file), wrong);
  check_problem(wrong, "image_hash", right);
  SheetReading whole = one_row();
  whole.models[0].image_hash = sha256(file.octets());
  check_firmware(given(file), whole);
  check_problem(whole, "image_hash", "whole file");
  SheetReading missing = one_row();
  missing.models[0].image_hash.reset();
  check_firmware(given(file), missing);
  check_problem(missing, "image_hash", "is empty: the SHA-256 of the Manufacturer Image");
}

TEST_CASE("submission: a file that the hardware would refuse is found") {
  FirmwareFile file;
  file.lowest = 0x0204;
  file.highest = 0x0300;
  SheetReading reading = one_row();
  check_firmware(given(file), reading);
  check_problem(reading, "hardware_version", "for hardware 0204 to 0300");
}

TEST_CASE("submission: a certificate that is mapped by evidence names some (B27)") {
  SheetReading reading = one_row();
  reading.models[0].zigbee =
      Certificate{"ZIG1", {}, *Date::parse("2022-08-30"), CertificateMatch::mapped_by_evidence};
  SheetReading named = reading;
  check_evidence({}, reading);
  check_problem(reading, "evidence", "MAPPED_BY_EVIDENCE");
  named.models[0].evidence = {{sha256("release notes"), false}};
  check_evidence({{"notes.pdf", sha256("release notes")}}, named);
  CHECK(named.problems.empty());
  check_evidence({{"other.pdf", sha256("something else")}}, named);
  check_problem(named, "", "AUDIT_ONLY:" + to_hex(sha256("something else")));
}

TEST_CASE("submission: the DCC sends SMETS1 and Communications Hubs, and nothing else (B26)") {
  const auto refused = [](Sender sender, DeviceType type, const std::string& generation) {
    SheetReading reading = one_row();
    reading.models[0].device_type = type;
    reading.models[0].generation = generation;
    check_sender(sender, reading);
    return reading.error_count == 1;
  };
  for (const Sender sender : {Sender::supplier, Sender::manufacturer}) {
    CHECK_FALSE(refused(sender, DeviceType::esme, "SMETS2+"));
    CHECK(refused(sender, DeviceType::esme, "SMETS1"));
    CHECK(refused(sender, DeviceType::ch, "SMETS2+"));
  }
  CHECK(refused(Sender::dcc, DeviceType::esme, "SMETS2+"));
  CHECK_FALSE(refused(Sender::dcc, DeviceType::esme, "SMETS1"));
  CHECK_FALSE(refused(Sender::dcc, DeviceType::ch, "SMETS2+"));
}

TEST_CASE("submission: a row without predecessors is asked whether it is the first (B24)") {
  SheetReading reading = one_row();
  check_predecessors(reading);
  CHECK(reading.error_count == 0);
  CHECK(reading.warning_count == 1);
  reading = one_row();
  reading.models[0].predecessors = {ModelId::parse("ESME-1063-00050203-00000000").value()};
  check_predecessors(reading);
  CHECK(reading.warning_count == 0);
}

}  // namespace cpl::submission_test
