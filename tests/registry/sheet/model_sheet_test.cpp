#include "registry/sheet/model_sheet.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/sheet/columns.hpp"
#include "tests/registry/sheet/sheet_fixture.hpp"
#include "tools/shared/sample.hpp"

namespace cpl::testing::model_sheet_test {
namespace {

const Date today = *Date::parse("2026-07-09");

Json all_of(std::span<const DeviceModel> models) {
  Json all = Json::array();
  for (const DeviceModel& model : models) all.push_back(to_json(model));
  return all;
}

}  // namespace

TEST_CASE("model sheet: two thousand models survive being written and read") {
  const auto models = sample_models(2000, 1, today);
  const SheetReading reading = read_model_sheet(write_model_sheet(models), {"", {}});
  INFO(told(reading));
  REQUIRE(reading.usable());
  REQUIRE(reading.models.size() == models.size());
  CHECK(reading.rows.front() == 2);
  CHECK(reading.rows.back() == 2001);
  CHECK(all_of(reading.models) == all_of(models));
}

TEST_CASE("model sheet: awkward texts survive being written and read") {
  auto models = sample_models(1, 1, today);
  models[0].manufacturer_name = "=cmd|' /C calc'!A0, \"Ltd\"; Zürich";
  models[0].fir_contact = "+44 20 7946 0000";
  models[0].fir_notes = "one\ntwo; three";
  models[0].remarks = "N/A";
  models[0].image_hash_signature = "+/8=";
  models[0].evidence.push_back({*models[0].image_hash, true});
  const std::string text = write_model_sheet(models);
  CHECK(text.find(",=cmd") == text.npos);
  const SheetReading reading = read_model_sheet(text, defaults);
  INFO(told(reading));
  REQUIRE(reading.usable());
  CHECK(all_of(reading.models) == all_of(models));
}

TEST_CASE("model sheet: a sound row is read, and what it leaves unsaid comes from the defaults") {
  const DeviceModel model = accepts(Sheet());
  CHECK(model.id().text() == "ESME-1063-00050203-00000001");
  CHECK(model.submitted_by == "Example Meters Ltd");
  CHECK(model.received_at == defaults.received_at);
  CHECK(model.predecessors.empty());
  CHECK_FALSE(model.dlms);
  CHECK(model.cpa->end_date == *Date::parse("2028-08-30"));
  CHECK(accepts(Sheet().set("submitted_by", "DCC")).submitted_by == "DCC");
  const SheetReading nobody = read_model_sheet(Sheet().text(), {"", {}});
  has_only(nobody, Severity::error, 2, "submitted_by", "is empty");
}

TEST_CASE("model sheet: headers are matched by their letters, in any order, by other names too") {
  const std::string sheet =
      "\xEF\xBB\xBF"
      "Firmware Version;DEVICE-MODEL;Manufacturer;manufacturer.id;Device Type;"
      "Generation;SMETS/CHTS Version;GBCS;ESME Variant;CPA Certificate Number;"
      "CPA Certificate Issue Date;CPA Expiry;CPA Match;\"Hash\r\n(SHA-256)\";Entry ID;CPL Status;"
      "\r\n38040404;00050203;Example Meters Ltd;1063;ESME;SMETS2+;SMETS V4.2;3.2;A;CPA 7;"
      "2022-08-30;2028-08-30;EXACT;;CPL-000009;Active;\r\n\r\n;;;;;;;;;;;;;;;;\r\n";
  const SheetReading reading = read_model_sheet(sheet, defaults);
  has_only(reading, Severity::warning, 1, "Hash  (SHA-256)", "kept as remarks");
  const DeviceModel& model = reading.models.at(0);
  CHECK(model.id().text() == "ESME-1063-00050203-38040404");
  CHECK(model.ts_name == "SMETS");
  CHECK(model.ts_version == "V4.2");
  CHECK(model.cpa->number == "CPA 7");
  CHECK(model.cpa->kind == CpaCertificate::Kind::dated);
  CHECK(model.cpl_entry_id == "CPL-000009");
}

TEST_CASE("model sheet: every column is found by its own name and no other name is taken twice") {
  for (std::size_t i = 0; i < sheet::column_count; ++i) {
    const auto column = static_cast<sheet::Column>(i);
    SheetReading reading;
    const sheet::Header header({1, 1, {std::string(sheet::spec_of(column).name)}}, {}, reading);
    CHECK(header.position(column) == 0);
  }
}

TEST_CASE("model sheet: missing and doubled columns are named, and rows are left in peace") {
  fails(Sheet().drop("manufacturer_id"), 1, "manufacturer_id", "missing");
  fails(Sheet().drop("ts_version"), 1, "ts_version", "or without ts");
  fails(Sheet().set("CPL Entry ID", "x"), 1, "cpl_entry_id", "both mean cpl_entry_id");
  const SheetReading twice =
      Sheet().set("Site", "1").set("site", "2").set("generation", "?").read();
  CHECK(twice.error_count == 1);
  CHECK_THAT(told(twice), Catch::Contains("1 [site] error: this column is in the sheet twice"));
}

TEST_CASE("model sheet: unknown columns become remarks, within the bound of remarks") {
  const DeviceModel model =
      warns(Sheet().set("remarks", "checked").set("Site", "A1"), 1, "Site", "kept as remarks");
  CHECK(model.remarks == "checked; Site: A1");
  const SheetReading two = Sheet().set("Site", "A1").set("Crew", "B").set("Void", "").read();
  CHECK(two.warning_count == 3);
  CHECK(two.models.at(0).remarks == "Crew: B; Site: A1");
  const SheetReading large = Sheet().set("Site", std::string(2000, 'x')).read();
  CHECK(large.error_count == 1);
  CHECK_THAT(told(large), Catch::Contains("2 [remarks] error: with the values"));
  fails(Sheet().set("", "lost"), 2, "", "has a value but no header");
  accepts(Sheet().set("", ""));
}

TEST_CASE("model sheet: what a spreadsheet does to digits is explained and never mended") {
  fails(Sheet().set("firmware_version", "5.02E+07"), 2, "firmware_version",
        "a number as a spreadsheet rewrites it");
  fails(Sheet().set("firmware_version", "5,02E+07"), 2, "firmware_version", "format Text");
  fails(Sheet().set("firmware_version", "502030.0"), 2, "firmware_version", "rewrites it");
  fails(Sheet().set("firmware_version", "502030"), 2, "firmware_version",
        "has 6 digits instead of 8: a spreadsheet drops the zeros in front");
  fails(Sheet().set("model_id", "5"), 2, "model_id", "1 digits instead of 4");
  fails(Sheet().set("model_id", "5E+10"), 2, "model_id", "rewrites it");
  fails(Sheet().set("manufacturer_id", "10G3"), 2, "manufacturer_id", "not all of them digits");
  fails(Sheet().set("firmware_version", "380404040"), 2, "firmware_version", "it has 9");
  fails(Sheet().set("image_hash", "7542"), 2, "image_hash", "4 digits instead of 64");
  CHECK(accepts(Sheet().set("model_id", "=\"0005\"")).model_id == "0005");
  CHECK(accepts(Sheet().set("model_id", " 5E10\xC2\xA0")).model_id == "5E10");
}

TEST_CASE("model sheet: harmless differences of spelling are mended with a warning") {
  CHECK(warns(Sheet().set("firmware_version", "0000abcd"), 2, "firmware_version", "0000ABCD")
            .firmware_version == "0000ABCD");
  CHECK(warns(Sheet().set("generation", "smets2"), 2, "generation", "read as SMETS2+").generation ==
        "SMETS2+");
  CHECK(warns(Sheet().set("cert_cpa_match", "mapped by evidence"), 2, "cert_cpa_match",
              "MAPPED_BY_EVIDENCE")
            .cpa->match == CertificateMatch::mapped_by_evidence);
  CHECK(to_hex(*accepts(Sheet().set("image_hash", std::string(64, 'A'))).image_hash) ==
        std::string(64, 'a'));
}

TEST_CASE("model sheet: a date is taken only where it can mean one day") {
  CHECK(warns(Sheet().set("cert_zigbee_issue_date", "30/08/2022"), 2, "cert_zigbee_issue_date",
              "read as 2022-08-30")
            .zigbee->issue_date.text() == "2022-08-30");
  fails(Sheet().set("cert_zigbee_issue_date", "03/08/2022"), 2, "cert_zigbee_issue_date",
        "write the date like 2022-08-30");
  fails(Sheet().set("cert_zigbee_issue_date", "08/30/2022"), 2, "cert_zigbee_issue_date",
        "a date that exists");
  fails(Sheet().set("cert_zigbee_issue_date", "2022-02-30"), 2, "cert_zigbee_issue_date",
        "a date that exists");
  fails(Sheet().set("cert_zigbee_issue_date", "44803"), 2, "cert_zigbee_issue_date", "2022-08-30");
  fails(Sheet().set("received_at", "2022-08-30"), 2, "received_at", "UTC");
}

TEST_CASE("model sheet: joined columns must agree with their parts") {
  CHECK(accepts(Sheet().set("device_model", "00050203")).hardware_version == "0203");
  CHECK(accepts(Sheet().set("device_model", "00060203").set("model_id", "")).model_id == "0006");
  fails(Sheet().set("device_model", "00060203"), 2, "model_id", "is not what the device model");
  fails(Sheet().drop("model_id").drop("hardware_version").set("Device Model", "50203"), 2,
        "Device Model", "5 digits instead of 8");
  const Sheet joined = Sheet().drop("ts_name").drop("ts_version");
  CHECK(accepts(Sheet(joined).set("ts", "SMETS V4.2")).ts_version == "V4.2");
  fails(Sheet(joined).set("ts", "SMETSV4.2"), 2, "ts", "name and version");
  fails(Sheet(joined).set("ts", "SMITS V4.2"), 2, "ts", "must be SMETS");
  fails(Sheet().set("ts", "SMETS V5.1"), 2, "ts", "is not what the columns");
}

TEST_CASE("model sheet: words, versions and needed cells are checked with row and column") {
  fails(Sheet().set("physical_device_type", "IHD"), 2, "physical_device_type", "must be one of");
  fails(Sheet().set("physical_device_type", ""), 2, "physical_device_type", "is empty");
  fails(Sheet().set("generation", ""), 2, "generation", "is empty");
  fails(Sheet().set("manufacturer_name", ""), 2, "manufacturer_name", "is empty");
  fails(Sheet().set("firmware_version", ""), 2, "firmware_version", "is empty");
  fails(Sheet().set("esme_variant", "XYZ"), 2, "esme_variant", "must be one of A, B, C");
  fails(Sheet().set("esme_variant", ""), 2, "esme_variant", "needed for an ESME");
  fails(Sheet().set("han_variant", "Dual Band"), 2, "han_variant", "for a CH only");
  fails(Sheet().set("gbcs_version", "n/a"), 2, "gbcs_version", "needed for SMETS2+");
  fails(Sheet().set("ts_version", "4"), 2, "ts_version", "version such as V4.2");
  fails(Sheet().set("firmware_encoding", "OCTAL"), 2, "firmware_encoding", "HEX, BCD");
  fails(Sheet().set("image_hash_signature", "?"), 2, "image_hash_signature", "base64");
  fails(Sheet().set("firmware_version_printed", std::string(41, '1')), 2,
        "firmware_version_printed", "longer than 40");
  fails(Sheet().set("manufacturer_name", "two\nlines"), 2, "manufacturer_name", "line end");
  fails(Sheet().set("evidence", "PUBLIC:7542"), 2, "evidence", "64 lower-case");
  fails(Sheet().set("status", "WITHDRAWN"), 2, "status", "only ACTIVE");
}

TEST_CASE("model sheet: certificates are whole or absent") {
  fails(Sheet().set("cert_zigbee_number", ""), 2, "cert_zigbee_number", "is empty");
  fails(Sheet().set("cert_zigbee_issue_date", ""), 2, "cert_zigbee_issue_date", "is empty");
  fails(Sheet().set("cert_zigbee_match", ""), 2, "cert_zigbee_match", "EXACT or MAPPED_BY");
  fails(Sheet().set("cert_zigbee_match", "MAYBE"), 2, "cert_zigbee_match", "must be one of");
  fails(Sheet().set("cert_zigbee_status", "CANCELLED"), 2, "cert_zigbee_status", "must be VALID");
  fails(Sheet().set("cert_cpa_expiry_date", ""), 2, "cert_cpa_expiry_date", "is empty");
  fails(Sheet().set("cert_cpa_renewal_date", "2028-08-30"), 2, "cert_cpa_renewal_date",
        "expiry date instead");
  fails(Sheet().set("cert_cpa_expiry_date", "2022-08-30"), 2, "cert_cpa_expiry_date",
        "after the day it was issued");
  const DeviceModel lifetime = accepts(Sheet()
                                           .set("cert_cpa_kind", "")
                                           .set("cert_cpa_expiry_date", "")
                                           .set("cert_cpa_renewal_date", "2030-01-01"));
  CHECK(lifetime.cpa->kind == CpaCertificate::Kind::lifetime);
  CHECK_FALSE(accepts(Sheet()
                          .set("cert_zigbee_number", "N/A")
                          .set("cert_zigbee_issue_date", "")
                          .set("cert_zigbee_match", "NOT_APPLICABLE"))
                  .zigbee);
}

TEST_CASE("model sheet: lists in a cell are bounded") {
  std::string many;
  for (std::size_t i = 0; i <= sheet::references_max; ++i) many += "EPCL;";
  fails(Sheet().set("s1_combination_refs", many), 2, "s1_combination_refs", "more than 64");
  fails(Sheet().set("s1_combination_refs", std::string(101, 'x')), 2, "s1_combination_refs",
        "at most 100");
  CHECK(accepts(Sheet().set("s1_combination_refs", "EPCL 1; EPCL 2;")).s1_combination_refs ==
        std::vector<std::string>{"EPCL 1", "EPCL 2"});
}

TEST_CASE("model sheet: the bounds of texts are those of a submission") {
  for (std::size_t i = 0; i < sheet::written_column_count; ++i) {
    const sheet::ColumnSpec& spec = sheet::spec_of(static_cast<sheet::Column>(i));
    if (spec.kind == sheet::CellKind::code || spec.size_max > sheet::remarks_size_max) continue;
    INFO(spec.name);
    const std::string column(spec.name);
    const DeviceModel model = accepts(Sheet()
                                          .set("cert_dlms_number", "D")
                                          .set("cert_dlms_issue_date", "2022-01-01")
                                          .set("cert_dlms_match", "EXACT")
                                          .set(column, std::string(spec.size_max, 'x')));
    FieldErrors errors;
    read_device_model(to_json(model), "", errors);
    CHECK(describe(errors) == "");
    fails(Sheet()
              .set(column, std::string(spec.size_max + 1, 'x'))
              .set("cert_dlms_number", "D")
              .set("cert_dlms_issue_date", "2022-01-01")
              .set("cert_dlms_match", "EXACT"),
          2, column, "longer than");
  }
}

TEST_CASE("model sheet: all faults of a sheet are reported at once, in the order of rows") {
  const SheetReading reading = Sheet()
                                   .set("gbcs_version", "x")
                                   .set("esme_variant", "")
                                   .add("CPL-000002", "12")
                                   .set("physical_device_type", "TV")
                                   .add("CPL-000003", "00000001")
                                   .set("cert_cpa_kind", "FOREVER")
                                   .read();
  std::vector<std::pair<std::size_t, std::string>> places;
  for (const SheetProblem& problem : reading.problems)
    places.emplace_back(problem.row, problem.column);
  CHECK(places == std::vector<std::pair<std::size_t, std::string>>{{2, "gbcs_version"},
                                                                   {2, "esme_variant"},
                                                                   {3, "physical_device_type"},
                                                                   {3, "firmware_version"},
                                                                   {4, "cert_cpa_kind"}});
  CHECK(reading.models.empty());
  CHECK(reading.rows.empty());
}

TEST_CASE("model sheet: a text that is no CSV is a problem of its row") {
  const std::string sound = Sheet().text();
  const auto fails_with = [](std::string_view text, std::size_t row, const std::string& said) {
    has_only(read_model_sheet(text, defaults), Severity::error, row, "", said);
  };
  fails_with("", 1, "the sheet is empty");
  fails_with("\r\n\r\n", 1, "the sheet is empty");
  fails_with(sound + "1,2\r\n", 3, "nothing in the columns that every model needs");
  fails_with("one,two\r\n1,2\r\n", 1, "no row names the columns");
  fails_with("<html>" + sound, 1, "a web page");
  fails_with(sound + "\"open", 3, "never closed");
  fails_with("\xFF\xFE" + sound, 1, "UTF-16");
  has_only(read_model_sheet(sound.substr(0, sound.find('\n') + 1), defaults), Severity::warning, 1,
           "", "no row follows");
}

TEST_CASE("model sheet: the report of a hopeless sheet is bounded, its counts are not") {
  Sheet sheet;
  for (int i = 0; i < 1500; ++i) sheet.add("", "1");
  const SheetReading reading = sheet.read();
  CHECK(reading.error_count == 1500);
  CHECK(reading.problems.size() == SheetReading::problems_max);
}

}  // namespace cpl::testing::model_sheet_test
