// `cpl submission check` beside a firmware file: what it says, and with which status.
#include <fstream>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/sheet/model_sheet.hpp"
#include "tests/registry/sheet/firmware_file.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/tools/cpl/program_run.hpp"

namespace cpl::testing::submission_run_test {
namespace {

struct Ran {
  int status = -1;
  std::string printed;
};

class Maker {
 public:
  Maker() {
    model = small_model(1);
    model.manufacturer_id = "1063";
    model.generation = "SMETS2+";
    model.gbcs_version = "3.2";
    model.zigbee = Certificate{"ZIG1", {}, *Date::parse("2022-08-30"), CertificateMatch::exact};
    model.image_hash = firmware.image_sha256();
  }
  void put(const std::string& name, const Bytes& content) const {
    std::ofstream(folder_.path() / name, std::ios::binary) << content;
  }
  Ran check(const std::string& more) const {
    put("models.csv", write_model_sheet(std::vector{model}));
    put("image.zigbee", firmware.octets());
    const auto printed = folder_.path() / "printed";
    std::filesystem::remove(printed);
    ProgramRun run(
        {"/bin/sh", "-c",
         "cd '" + folder_.path().string() +
             "' && exec '" CPL_PROGRAM "' submission check models.csv --firmware image.zigbee " +
             more},
        printed);
    const auto status = run.status_within(std::chrono::seconds(60));
    REQUIRE(status);
    std::ifstream in(printed);
    return {*status, {std::istreambuf_iterator<char>(in), {}}};
  }

  DeviceModel model;
  FirmwareFile firmware;

 private:
  TemporaryFolder folder_;
};

bool says(const Ran& ran, const std::string& what) {
  INFO(ran.printed);
  return ran.printed.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("submission run: a right sheet is told so, with the hash that an addition can name") {
  const Maker maker;
  const Ran ran = maker.check("--json");
  INFO(ran.printed);
  CHECK(ran.status == 0);
  const Json answer = Json::parse(ran.printed);
  CHECK(answer["errors"] == 0);
  CHECK(answer["models"] == Json{maker.model.id().text()});
  CHECK(answer["firmware"][0]["image_hash"] == to_hex(maker.firmware.image_sha256()));
  CHECK(answer["submission"] == to_hex(sha256(write_model_sheet(std::vector{maker.model}))));
}

TEST_CASE("submission run: a version of another release is refused, and the right one is named") {
  Maker maker;
  maker.firmware.version = 2;
  const Ran ran = maker.check("");
  CHECK(ran.status == 1);
  CHECK(says(ran, "row 2, firmware_version"));
  CHECK(says(ran, "file version 00000002, and this row has 00000001"));
  CHECK(says(ran, "submission-wrong"));
}

TEST_CASE("submission run: who may not send a row is told so") {
  CHECK(says(Maker().check("--sent-by dcc"), "a supplier or the manufacturer submits this"));
  CHECK(Maker().check("--sent-by manufacturer").status == 0);
}

TEST_CASE("submission run: the charter's rules are applied, a certificate too few is found") {
  Maker maker;
  maker.model.zigbee.reset();
  const Ran ran = maker.check("");
  CHECK(ran.status == 1);
  CHECK(says(ran, "certificate-missing"));
}

}  // namespace cpl::testing::submission_run_test
