#include "registry/statement/model.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::model_test {
namespace {

// The pointers to what is wrong with a model's JSON, in order.
std::vector<std::string> faults_of(const Json& json) {
  FieldErrors errors;
  read_device_model(json, "#", errors);
  std::vector<std::string> pointers;
  for (const FieldError& error : errors) pointers.push_back(error.pointer);
  return pointers;
}

using Pointers = std::vector<std::string>;

// Every optional field filled in.
DeviceModel full_model() {
  DeviceModel model = make_model();
  model.cpl_entry_id = "CPL-001287";
  model.firmware_version_printed = "3.10.7";
  model.firmware_encoding = "MIXED";
  model.image_creator = "EUI-64 90-B3-D5-1F-30-01-00-00";
  model.image_hash_signature = "MEUCIQ==";
  model.associating_party = "DCC";
  model.zigbee->as_printed = "ZIG 1 (fw 3.10.7)";
  model.zigbee->match = CertificateMatch::mapped_by_evidence;
  model.cpa->as_printed = "CPA 1";
  model.cpa->security_characteristic_version = "1.3";
  model.evidence = {{sha256("public"), true}, {sha256("kept"), false}};
  model.predecessors = {*ModelId::parse("ESME-1063-00050203-38040403")};
  model.fir_contact = "firmware@example.org";
  model.fir_release_date = day("2026-07-02");
  model.fir_notes = "Line one.\nLine two.";
  model.s1_combination_refs = {"S1-17", "S1-18"};
  model.remarks = "Größe ≤ 3";
  return model;
}

}  // namespace

TEST_CASE("model id: its parts are the natural key") {
  const auto id = ModelId::parse("ESME-1063-00050203-38040404");
  REQUIRE(id.has_value());
  CHECK(id->device_type() == DeviceType::esme);
  CHECK(id->manufacturer_id() == "1063");
  CHECK(id->device_model() == "00050203");
  CHECK(id->firmware_version() == "38040404");
  CHECK(*id == make_model().id());
  for (const std::string_view type : device_type_words) {
    const auto each = ModelId::parse(std::string(type) + "-1063-00050203-38040404");
    REQUIRE(each.has_value());
    CHECK(to_string(each->device_type()) == type);
    CHECK(each->firmware_version() == "38040404");
  }
}

TEST_CASE("model id: any other form is refused") {
  for (const char* text :
       {"", "ESME", "ESME-", "esme-1063-00050203-38040404", "EMSE-1063-00050203-38040404",
        "ESME-106-00050203-38040404", "ESME-1063-0005023-38040404", "ESME-1063-00050203-3804040",
        "ESME-1063-00050203-380404044", "ESME-1063-0005020g-38040404",
        "ESME-1063-0005020a-38040404", "ESME_1063_00050203_38040404",
        "ESME-1063-00050203-38040404 ", " ESME-1063-00050203-38040404",
        "ESME-1063-00050203-38040404\n", "ESME-1063-00050203-0x380404"}) {
    CAPTURE(text);
    const auto id = ModelId::parse(text);
    REQUIRE_FALSE(id.has_value());
    CHECK(told(id.error()) == "model-id-malformed, rule 0, invalid");
  }
}

TEST_CASE("model id: a refusal of foreign text is itself well-formed text") {
  std::string foreign = "x";
  for (int i = 0; i < 60; ++i) foreign += "\xE2\x82\xAC";
  const auto id = ModelId::parse(foreign);
  REQUIRE_FALSE(id.has_value());
  CHECK_NOTHROW(Json(id.error().detail).dump());
}

TEST_CASE("model: what is written is read back, with every field and with the fewest") {
  for (const DeviceModel& model : {full_model(), make_model(), make_display()}) {
    const Json json = to_json(model);
    FieldErrors errors;
    const DeviceModel read = read_device_model(json, "#", errors);
    CHECK(describe(errors).empty());
    CHECK(canonical_json(to_json(read)) == canonical_json(json));
    CHECK(read.id() == model.id());
  }
}

TEST_CASE("model: a lifetime certificate has a renewal date instead of an expiry date") {
  DeviceModel model = make_model();
  model.cpa->kind = CpaCertificate::Kind::lifetime;
  Json json = to_json(model);
  CHECK(json["certificates"]["cpa"].contains("renewal_date"));
  CHECK(faults_of(json).empty());
  json["certificates"]["cpa"]["kind"] = "DATED";
  CHECK(faults_of(json) ==
        Pointers{"#/certificates/cpa/expiry_date", "#/certificates/cpa/renewal_date"});
}

TEST_CASE("model: each invalid field is pointed at") {
  struct Case {
    const char* field;
    Json value;
  };
  const std::vector<Case> cases = {
      {"generation", "SMETS3"},
      {"physical_device_type", "METER"},
      {"manufacturer_id", "106g"},
      {"manufacturer_id", "10a3"},
      {"manufacturer_id", "01063"},
      {"manufacturer_name", ""},
      {"model_id", "5"},
      {"hardware_version", "02 3"},
      {"firmware_version", "3804040"},
      {"firmware_version", 38'040'404},
      {"firmware_version_printed", std::string(41, '1')},
      {"firmware_encoding", "OCTAL"},
      {"ts_name", "GBCS"},
      {"ts_version", "4"},
      {"ts_version", "4."},
      {"ts_version", "V4.2-beta"},
      {"ts_version", "1.1.1.1.1.1.1.1"},
      {"gbcs_version", "3"},
      {"gbcs_version", "3.2.1.0"},
      {"esme_variant", "Z"},
      {"han_variant", "Single Band"},
      {"image_hash", "38040404"},
      {"image_hash_signature", "not base64"},
      {"evidence", Json::array()},
      {"predecessors", {"ESME-1063"}},
      {"predecessors", {17}},
      {"fir_release_date", "2026-02-30"},
      {"s1_combination_refs", {""}},
      {"s1_combination_refs", {"a\x1b[2J"}},
      {"s1_combination_refs", {std::string(101, 'a')}},
      {"submitted_by", Json()},
      {"received_at", "2026-07-01"},
      {"colour", "white"},
  };
  for (const Case& one : cases) {
    Json json = to_json(make_model());
    json[one.field] = one.value;
    CAPTURE(one.field, one.value.dump());
    CHECK(faults_of(json) == Pointers{std::string("#/") + one.field});
  }
}

TEST_CASE("model: each field that must be there is missed") {
  for (const char* field :
       {"generation", "physical_device_type", "manufacturer_id", "manufacturer_name", "model_id",
        "hardware_version", "firmware_version", "ts_name", "ts_version", "gbcs_version",
        "esme_variant", "certificates", "predecessors", "submitted_by", "received_at"}) {
    Json json = to_json(make_model());
    json.erase(field);
    CAPTURE(field);
    CHECK(faults_of(json) == Pointers{std::string("#/") + field});
  }
}

TEST_CASE("model: variants belong to their device type, a signature to an image hash") {
  Json display = to_json(make_display());
  display["esme_variant"] = "A";
  CHECK(faults_of(display) == Pointers{"#/esme_variant"});

  DeviceModel hub = make_model();
  hub.device_type = DeviceType::ch;
  hub.esme_variant.reset();
  CHECK(faults_of(to_json(hub)) == Pointers{"#/han_variant"});
  hub.han_variant = "Triple Band";
  CHECK(faults_of(to_json(hub)) == Pointers{"#/han_variant"});
  hub.han_variant = "Dual Band";
  CHECK(faults_of(to_json(hub)).empty());

  DeviceModel older = make_model();
  older.generation = "SMETS1";
  older.gbcs_version.reset();
  CHECK(faults_of(to_json(older)).empty());

  DeviceModel unhashed = make_model();
  unhashed.image_hash.reset();
  unhashed.image_hash_signature = "AAAA";
  CHECK(faults_of(to_json(unhashed)) == Pointers{"#/image_hash"});
}

TEST_CASE("model: all 25 variants of an ESME are known") {
  for (const std::string_view variant : esme_variant_words) {
    DeviceModel model = make_model();
    model.esme_variant = variant;
    CHECK(faults_of(to_json(model)).empty());
  }
}

TEST_CASE("model: certificates are read strictly") {
  Json json = to_json(make_model());
  json["certificates"]["cpa"]["expiry_date"] = "2022-08-30";
  CHECK(faults_of(json) == Pointers{"#/certificates/cpa"});
  json = to_json(make_model());
  json["certificates"]["zigbee"].erase("number");
  json["certificates"]["dlms"]["expiry_date"] = "2028-08-30";
  json["certificates"]["gost"] = Json::object();
  CHECK(faults_of(json) == Pointers{"#/certificates/zigbee/number",
                                    "#/certificates/dlms/expiry_date", "#/certificates/gost"});
}

}  // namespace cpl::testing::model_test
