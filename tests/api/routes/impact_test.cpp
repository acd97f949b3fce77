// What devices have left, were models removed: asked before anybody signs.
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::impact_test {

namespace {

Bytes added(std::uint64_t number, std::vector<ModelId> predecessors = {}) {
  DeviceModel model = small_model(number);
  model.predecessors = std::move(predecessors);
  return sign(Addition{model, start_time}, log_keys().registrar);
}

Json impact_of(TestApi& registry, const std::vector<ModelId>& removed) {
  Json ids = Json::array();
  for (const ModelId& id : removed) ids.push_back(id.text());
  const HttpResponse response =
      registry.send(HttpMethod::post, "/v1/models/impact", Json{{"ids", ids}}.dump());
  INFO(*response.body);
  REQUIRE(response.status == 200);
  return Json::parse(*response.body)["models"];
}

Json texts(const std::vector<std::uint64_t>& numbers) {
  Json list = Json::array();
  for (const std::uint64_t number : numbers) list.push_back(small_id(number).text());
  return list;
}

}  // namespace

TEST_CASE("impact: listed successors that stay, and other firmware of the hardware") {
  TestApi registry;
  registry.log.append({charter_note(), added(1), added(2, {small_id(1)}), added(3)});
  const Json one = impact_of(registry, {small_id(1)})[0];
  CHECK(one["status"] == "listed");
  CHECK(one["has_successor"] == true);
  CHECK(one["successors"] == texts({2}));
  CHECK(one["same_hardware"] == texts({2, 3}));
  CHECK(one["without_way_up"] == Json::array());
  CHECK(one["manufacturer_name"] == small_model(1).manufacturer_name);
  CHECK(one["added_at"] == 1);
}

TEST_CASE("impact: what is removed with a model is no successor of it") {
  TestApi registry;
  registry.log.append({charter_note(), added(1), added(2, {small_id(1)}), added(3)});
  const Json both = impact_of(registry, {small_id(1), small_id(2)});
  CHECK(both[0]["has_successor"] == false);
  CHECK(both[0]["successors"] == Json::array());
  CHECK(both[0]["same_hardware"] == texts({3}));
  CHECK(both[1]["has_successor"] == false);
}

TEST_CASE("impact: firmware that stays and could be upgraded to removed firmware only is named") {
  TestApi registry;
  registry.log.append(
      {charter_note(), added(1), added(2, {small_id(1)}), added(3, {small_id(1), small_id(2)})});
  CHECK(impact_of(registry, {small_id(3)})[0]["without_way_up"] == texts({2}));
  CHECK(impact_of(registry, {small_id(2)})[0]["without_way_up"] == Json::array());
  const Json both = impact_of(registry, {small_id(2), small_id(3)});
  CHECK(both[0]["without_way_up"] == texts({1}));
  CHECK(both[1]["without_way_up"] == texts({1}));
}

TEST_CASE("impact: a removed successor is none, and a model never listed has nothing") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json models = impact_of(registry, {small_id(99), small_id(1), small_id(2)});
  CHECK(models[0] == Json({{"id", small_id(99).text()},
                           {"status", "never-listed"},
                           {"has_successor", false},
                           {"successors", Json::array()},
                           {"same_hardware", texts({3})},
                           {"without_way_up", Json::array()}}));
  CHECK(models[1]["status"] == "removed");
  CHECK(models[2]["same_hardware"] == texts({3}));
}

TEST_CASE("impact: a question that is none is refused, with what is wrong") {
  TestApi registry;
  registry.log.append(story_notes());
  const auto refused = [&](const Bytes& body) {
    return problem(registry.send(HttpMethod::post, "/v1/models/impact", body), 400);
  };
  CHECK(refused(R"({"ids":["ESME-1"]})")["errors"][0]["pointer"] == "#/ids/0");
  CHECK(refused(R"({"ids":[]})")["code"] == "validation-failed");
}

}  // namespace cpl::testing::impact_test
