#include "registry/statement/charter.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::charter_test {
namespace {

Json charter_json(const Charter& charter = make_charter()) {
  Json json = Json::object();
  put_charter(json, charter);
  return json;
}

std::string faults_of(const Json& written) {
  const auto json = parse_json(written.dump());
  REQUIRE(json.has_value());
  FieldErrors errors;
  FieldReader reader(*json, "#", errors);
  read_charter(reader, errors);
  reader.done();
  return describe(errors);
}

// What is wrong with the charter once `value` stands at `pointer`; null takes the member away.
std::string with(const std::string& pointer, const Json& value) {
  Json json = charter_json();
  const Json::json_pointer place(pointer);
  if (value.is_null()) {
    json[place.parent_pointer()].erase(place.back());
  } else {
    json[place] = value;
  }
  return faults_of(json);
}

std::string key_of(const NoteSigner& signer) { return signer.verifier().to_string(); }

}  // namespace

TEST_CASE("charter: what is written is read back, the keys of both kinds included") {
  Charter charter = make_charter();
  charter.replaces = EntryIndex{17};
  charter.policy.removal_needs_validation = false;
  charter.policy.cpa_years_max = 0;
  const Json json = charter_json(charter);
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const Charter read = read_charter(reader, errors);
  reader.done();
  CHECK(describe(errors).empty());
  CHECK(canonical_json(charter_json(read)) == canonical_json(json));
  CHECK(read.roles.at(Role::panel).threshold == 3);
  CHECK(read.roles.at(Role::panel).keys.size() == 5);
  CHECK(read.roles.at(Role::service_desk).keys[0].type() == NoteKeyType::ecdsa_p256);
  CHECK(read.replaces == EntryIndex{17});
}

TEST_CASE("charter: a threshold lies between one and the number of keys") {
  CHECK(with("/roles/registrar/threshold", 1).empty());
  CHECK(with("/roles/registrar/threshold", 3).empty());
  CHECK_THAT(with("/roles/registrar/threshold", 0), Catch::Contains("roles, registrar, threshold"));
  CHECK_THAT(with("/roles/registrar/threshold", 4), Catch::Contains("roles, registrar, threshold"));
  CHECK_THAT(with("/roles/panel/keys", Json::array()), Catch::Contains("roles, panel, keys"));
}

TEST_CASE("charter: each role must be there, and no other") {
  CHECK_THAT(with("/roles/panel", Json()), Catch::Contains("roles, panel: is missing"));
  CHECK_THAT(with("/roles/service_desk", Json()), Catch::Contains("roles, service desk"));
  CHECK_THAT(with("/roles/steward", Json::object()),
             Catch::Contains("roles, steward: is not a known member"));
  CHECK_THAT(with("/roles", 1), Catch::Contains("roles: must be an object"));
}

TEST_CASE("charter: one key and one name stand for one person in one role") {
  CHECK_THAT(with("/roles/registrar/keys/0", key_of(people().panel[0])),
             Catch::Contains("panel-1 is there twice"));
  CHECK_THAT(with("/roles/registrar/keys/0", key_of(people().registrar[1])),
             Catch::Contains("registrar-2 is there twice"));
  const auto same_key = NoteSigner::create(
      "somebody-else", *PrivateKey::from_ed25519_seed(sha256("registrar-2").view()));
  REQUIRE(same_key.has_value());
  CHECK_THAT(with("/roles/registrar/keys/0", key_of(*same_key)), Catch::Contains("is there twice"));
  const auto same_name = NoteSigner::create(
      "registrar-2", *PrivateKey::from_ed25519_seed(sha256("another seed").view()));
  REQUIRE(same_name.has_value());
  CHECK_THAT(with("/roles/registrar/keys/0", key_of(*same_name)),
             Catch::Contains("is there twice"));
}

TEST_CASE("charter: a key must be one that signs texts") {
  CHECK_THAT(with("/roles/panel/keys/0", key_of(witness_signer("witness"))),
             Catch::Contains("a witness's key cannot sign statements"));
  CHECK_THAT(with("/roles/panel/keys/0", "panel-1"), Catch::Contains("roles, panel, keys"));
  CHECK_THAT(with("/roles/panel/keys/0", 7), Catch::Contains("roles, panel, keys"));
  std::string wrong_id = key_of(people().panel[0]);
  wrong_id.replace(wrong_id.find('+') + 1, 8, "00000000");
  CHECK_THAT(with("/roles/panel/keys/0", wrong_id), Catch::Contains("roles, panel, keys"));
}

TEST_CASE("charter: policy values are known and bounded") {
  CHECK_THAT(with("/policy/max_statement_age", 59), Catch::Contains("policy, max statement age"));
  CHECK(with("/policy/max_statement_age", 60).empty());
  CHECK_THAT(with("/policy/max_statement_age", 367 * 86'400),
             Catch::Contains("policy, max statement age"));
  CHECK_THAT(with("/policy/cpa_years_max", 101), Catch::Contains("policy, cpa years max"));
  CHECK_THAT(with("/policy/removal_needs_validation", 1),
             Catch::Contains("policy, removal needs validation: must be true or false"));
  CHECK_THAT(with("/policy/image_hash_required/0", "METER"),
             Catch::Contains("policy, image hash required: \"METER\" is not known"));
  CHECK_THAT(with("/policy/required_certificates/METER", Json::array()),
             Catch::Contains("policy, required certificates"));
  CHECK_THAT(with("/policy/required_certificates/ESME", {"gost"}),
             Catch::Contains("\"gost\" is not known"));
  CHECK_THAT(with("/policy/required_certificates/ESME", "cpa"),
             Catch::Contains("policy, required certificates"));
  CHECK_THAT(with("/policy/colour", 1), Catch::Contains("policy, colour"));
  CHECK_THAT(with("/policy", Json()), Catch::Contains("policy: is missing"));
}

TEST_CASE("charter: by default the desk must validate, and an ESME needs three certificates") {
  const CharterPolicy policy = default_policy();
  CHECK(policy.removal_needs_validation);
  CHECK(policy.statement_age_seconds_max == 30 * 86'400);
  CHECK(policy.cpa_years_max == 6);
  CHECK(policy.required_certificates.at(DeviceType::esme).size() == 3);
  CHECK(policy.required_certificates.at(DeviceType::ppmid) == std::vector{CertificateKind::zigbee});
}

TEST_CASE("charter: a role has keys and a threshold and nothing else") {
  REQUIRE(with("/roles/panel/threshold", 2).empty());
  CHECK_THAT(with("/roles/panel/quorum", 1), Catch::Contains("quorum: is not a known member"));
}

}  // namespace cpl::testing::charter_test
