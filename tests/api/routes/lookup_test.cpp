// How many models stand, asked for at once; which are like one; what two extracts differ in.
#include "tests/api/routes/extracts_fixture.hpp"

namespace cpl::testing::lookup_test {

namespace {

Json looked_up(TestApi& registry, const Json& ids) {
  const HttpResponse response =
      registry.send(HttpMethod::post, "/v1/models/lookup", Json{{"ids", ids}}.dump());
  INFO(*response.body);
  REQUIRE(response.status == 200);
  return Json::parse(*response.body)["models"];
}

unsigned status_of(TestApi& registry, const Bytes& body) {
  return registry.send(HttpMethod::post, "/v1/models/lookup", body).status;
}

}  // namespace

TEST_CASE("lookup: each id is told as it stands, in the order asked for") {
  TestApi registry;
  registry.log.append(story_notes());
  registry.log.append({notice_note({small_id(2)}, EntryIndex{4})});
  const Json models = looked_up(
      registry, {small_id(9).text(), small_id(3).text(), small_id(2).text(), small_id(1).text()});
  REQUIRE(models.size() == 4);
  CHECK(models[0] == Json({{"id", small_id(9).text()},
                           {"status", "never-listed"},
                           {"newest_firmware", small_id(3).text()}}));
  CHECK(models[1]["status"] == "listed");
  CHECK(models[1]["cover_ends"] == Json::array());
  CHECK(models[2]["status"] == "under-notice");
  CHECK(models[2]["notice"] == 10);
  CHECK(models[3]["status"] == "removed");
  CHECK(models[3]["decision"] == 4);
  CHECK(models[3]["changed_at"] == 8);
}

TEST_CASE("lookup: ids that are none are named, and no more than a thousand are taken") {
  TestApi registry;
  registry.log.append(story_notes());
  const HttpResponse response =
      registry.send(HttpMethod::post, "/v1/models/lookup",
                    Json{{"ids", {small_id(1).text(), "ESME-1", 7}}}.dump());
  const Json errors = problem(response, 400)["errors"];
  REQUIRE(errors.size() == 2);
  CHECK(errors[0]["pointer"] == "#/ids/1");
  CHECK(errors[1]["pointer"] == "#/ids/2");
  Json many = Json::array();
  for (int i = 0; i < 1001; ++i) many.push_back(small_id(1).text());
  CHECK(status_of(registry, Json{{"ids", many}}.dump()) == 400);
  many.erase(many.begin());
  CHECK(status_of(registry, Json{{"ids", many}}.dump()) == 200);
  for (const Bytes& bad : {Bytes("{}"), Bytes(R"({"ids": []})"), Bytes("[]"), Bytes("x"),
                           Bytes(R"({"ids": ["ESME-1063-00050203-38040404"], "more": 1})")}) {
    CHECK(status_of(registry, bad) == 400);
  }
}

TEST_CASE("similar: one digit, two swapped, the same certificate or image, and why") {
  TestApi registry;
  DeviceModel first = small_model(0x12);
  first.image_hash = sha256("image");
  first.zigbee = {"ZIG-1", {}, *Date::parse("2022-01-01"), CertificateMatch::exact};
  DeviceModel far_off = small_model(0x3456);
  far_off.image_hash = first.image_hash;
  far_off.zigbee = first.zigbee;
  const auto added = [](const DeviceModel& model) {
    return sign(Addition{model, start_time}, log_keys().registrar);
  };
  registry.log.append({charter_note(), added(first), added(far_off), addition_note(0x13),
                       addition_note(0x21), addition_note(0x777)});
  const Json similar =
      registry.get_json("/v1/models/" + small_id(0x12).text() + "/similar")["similar"];
  std::map<std::string, Json> why;
  for (const Json& model : similar) why[model["id"].get<std::string>()] = model["why"];
  CHECK(why ==
        std::map<std::string, Json>{{small_id(0x13).text(), {"one-digit"}},
                                    {small_id(0x21).text(), {"digits-swapped"}},
                                    {small_id(0x3456).text(), {"same-certificate", "same-image"}}});
  // What was mistyped was never listed.
  CHECK(registry.get_json("/v1/models/" + small_id(0x770).text() + "/similar")["similar"].size() ==
        1);
  CHECK(registry.get("/v1/models/ESME-1/similar").status == 400);
}

TEST_CASE("extract difference: what became of each model between two versions") {
  ExtractApi api;
  REQUIRE(api.publish(api.extract(1, {}, 7)).status == 201);
  const auto first = sha256(*api.registry.get("/v1/extracts/1.json").body);
  REQUIRE(api.publish(api.extract(2, first)).status == 201);
  const Json difference = api.registry.get_json("/v1/extracts/1/difference/2");
  CHECK(difference["from"] == 1);
  CHECK(difference["to"] == 2);
  CHECK(difference["log_size_from"] == 7);
  CHECK(difference["counts"]["removed"] == 1);
  CHECK(difference["counts"]["added"] == 0);
  CHECK(difference["differences"] ==
        Json({{{"what", "removed"}, {"model", small_id(1).text()}, {"entry", 8}}}));
  CHECK(problem(api.registry.get("/v1/extracts/2/difference/1"), 409)["code"] == "extract-older");
  CHECK(api.registry.get("/v1/extracts/1/difference/1").status == 409);
  CHECK(api.registry.get("/v1/extracts/1/difference/3").status == 404);
  CHECK(api.registry.get("/v1/extracts/x/difference/2").status == 404);
}

}  // namespace cpl::testing::lookup_test
