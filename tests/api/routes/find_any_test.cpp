// One text looked up everywhere.
#include "crypto/encoding.hpp"
#include "registry/statement/statement.hpp"
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::find_any_test {

namespace {

DeviceModel findable_model() {
  DeviceModel model = small_model(1);
  model.cpl_entry_id = "CPL-77";
  model.image_hash = sha256("image");
  model.zigbee = {"ZIG2022", {}, *Date::parse("2022-01-01"), CertificateMatch::exact};
  return model;
}

struct Scene {
  TestApi registry;
  Scene() {
    std::vector<Bytes> notes = story_notes();
    notes[1] = sign(Addition{findable_model(), start_time}, log_keys().registrar);
    registry.log.append(notes);
  }
  // "model PPMID-…; entry 4"
  std::string found(const std::string& text) {
    std::string said;
    const Json answer = registry.get_json("/v1/search?q=" + text);
    for (const Json& hit : answer["hits"]) {
      said += (said.empty() ? "" : "; ") + hit["kind"].get<std::string>() + " " +
              hit["id"].get<std::string>();
    }
    return said;
  }
};

}  // namespace

TEST_CASE("find any: what is whole is found by its kind") {
  Scene scene;
  CHECK(scene.found("3") == "entry 3");
  CHECK(scene.found("4") == "decision 4");
  CHECK(scene.found("5") == "notice 5");
  CHECK(scene.found("10").empty());
  const Json entry = scene.registry.get_json("/v1/entries/4");
  CHECK(scene.found(entry["id"].get<std::string>()) == "decision 4");
  const std::string image = to_hex(sha256("image").view());
  CHECK(scene.found(image) == "image " + image);
  CHECK(scene.found("secp_30_1103") == "meeting SECP_30_1103");
  CHECK(scene.found("zig2022") == "certificate ZIG2022");
  CHECK(scene.found("cpl-77") == "model " + small_id(1).text());
  CHECK(scene.found(small_id(2).text()) == "model " + small_id(2).text());
}

TEST_CASE("find any: a part of an id or of a name finds those that have it") {
  Scene scene;
  CHECK(scene.found("ppmid-1063-00050203-0000000") == "model " + small_id(1).text() + "; model " +
                                                          small_id(2).text() + "; model " +
                                                          small_id(3).text());
  CHECK(scene.found("%20meters%20") == "manufacturer 1063");
  CHECK(scene.found("1063") == "manufacturer 1063");
  CHECK(scene.found("nothing").empty());
  CHECK(scene.found("").empty());
}

TEST_CASE("find any: a hit says what it is of") {
  Scene scene;
  const Json model = scene.registry.get_json("/v1/search?q=zig2022")["hits"][0];
  CHECK(model["model"] == small_id(1).text());
  CHECK(model["status"] == "removed");
  CHECK(model["title"] == "Example Meters Ltd, firmware 00000001");
  const Json decision = scene.registry.get_json("/v1/search?q=4")["hits"][0];
  CHECK(decision["title"] == "SECP AGREED, naming 2 models");
  CHECK(decision["entry"] == 4);
  CHECK(decision["time"] == scene.registry.get_json("/v1/entries/4")["time"]);
}

TEST_CASE("find any: no more than twenty are told, and no longer text is taken") {
  TestApi registry;
  std::vector<Bytes> notes = {charter_note()};
  for (std::uint64_t i = 1; i <= 30; ++i) notes.push_back(addition_note(i));
  registry.log.append(notes);
  CHECK(registry.get_json("/v1/search?q=ppmid-")["hits"].size() == 20);
  CHECK(problem(registry.get("/v1/search?q=" + std::string(201, 'a')), 400)["code"] ==
        "parameter-malformed");
}

}  // namespace cpl::testing::find_any_test
