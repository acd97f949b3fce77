// What is coming: certificates that end; firmware of the same hardware; the list as it was.
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::forecast_test {

namespace {

DeviceModel model_until(std::uint64_t number, const std::string& end,
                        std::vector<ModelId> predecessors = {}) {
  DeviceModel model = small_model(number);
  const Date issued = *Date::parse("2024-01-01");
  model.cpa = {"CPA-1",
               {},
               {},
               issued,
               CpaCertificate::Kind::dated,
               *Date::parse(end),
               CertificateMatch::exact};
  model.predecessors = std::move(predecessors);
  return model;
}
Bytes addition_until(const DeviceModel& model) {
  return sign(Addition{model, start_time}, log_keys().registrar);
}

// The clock stands at 7 July 2026.
struct Scene {
  TestApi registry;
  Scene() {
    std::vector<Bytes> notes = {charter_note()};
    notes.push_back(addition_until(model_until(1, "2026-06-10")));
    notes.push_back(addition_until(model_until(2, "2026-07-07")));
    notes.push_back(addition_until(model_until(3, "2026-08-31", {small_id(2)})));
    notes.push_back(addition_until(model_until(4, "2026-08-01")));
    notes.push_back(addition_until(model_until(5, "2029-06-01", {small_id(4)})));
    notes.push_back(addition_note(6));
    registry.log.append(notes);
    registry.log.clock.advance(40ULL * 86'400'000);
  }
};

}  // namespace

TEST_CASE("forecast: each listed model counts in the month of its first end, and what has none") {
  Scene scene;
  const Json forecast = scene.registry.get_json("/v1/forecast?months=2");
  CHECK(forecast["day"] == "2026-07-07");
  CHECK(forecast["months"] ==
        Json({{{"month", "2026-07"}, {"ending", 1}, {"without_successor", 0}},
              {{"month", "2026-08"}, {"ending", 2}, {"without_successor", 1}}}));
  REQUIRE(forecast["lapsed"].size() == 1);
  CHECK(forecast["lapsed"][0]["id"] == small_id(1).text());
  CHECK(forecast["lapsed"][0]["since"] == "2026-06-10");
  CHECK(forecast["lapsed"][0]["certificate"] == "cpa");
  CHECK(forecast["lapsed"][0]["what"] == "expires");
  CHECK(forecast["lapsed_are_all"] == true);
  const Json years = scene.registry.get_json("/v1/forecast?months=36");
  REQUIRE(years["months"].size() == 36);
  CHECK(years["months"][6]["month"] == "2027-01");
  CHECK(years["months"][35]["ending"] == 1);
  CHECK(scene.registry.get_json("/v1/forecast?manufacturer_id=1064")["lapsed"].empty());
  CHECK(scene.registry.get_json("/v1/forecast?device_type=PPMID")["lapsed"].size() == 1);
}

TEST_CASE("forecast: it is of its day and of its size, however often it is asked for") {
  Scene scene;
  TestApi& registry = scene.registry;
  CHECK(registry.get_json("/v1/forecast")["lapsed"].size() == 1);
  registry.log.clock.advance(86'400'000);
  CHECK(registry.get_json("/v1/forecast")["lapsed"].size() == 2);
  CHECK(registry.get_json("/v1/forecast")["months"][0]["ending"] == 0);
  registry.log.append({addition_until(model_until(7, "2026-07-09"))});
  CHECK(registry.get_json("/v1/forecast")["months"][0]["ending"] == 1);
  for (const std::string bad : {"months=0", "months=37", "manufacturer_id=1", "device_type=x"}) {
    CHECK(registry.get("/v1/forecast?" + bad).status == 400);
  }
}

TEST_CASE("upgrades: what is of the same hardware, and what may follow what") {
  Scene scene;
  const Json upgrades = scene.registry.get_json("/v1/models/" + small_id(3).text() + "/upgrades");
  CHECK(upgrades["nodes"].size() == 6);
  CHECK(upgrades["nodes"][0]["id"] == small_id(1).text());
  CHECK(upgrades["nodes"][0]["fir_release_date"].is_null());
  CHECK(upgrades["edges"] == Json({{{"from", small_id(2).text()}, {"to", small_id(3).text()}},
                                   {{"from", small_id(4).text()}, {"to", small_id(5).text()}}}));
  CHECK(upgrades["nodes_are_all"] == true);
  CHECK(scene.registry.get("/v1/models/" + small_id(9).text() + "/upgrades").status == 404);
}

TEST_CASE("model: it names its successors, and which of its certificates end") {
  Scene scene;
  const Json model = scene.registry.get_json("/v1/models/" + small_id(2).text());
  CHECK(model["successors"] == Json({{{"id", small_id(3).text()}, {"status", "listed"}}}));
  CHECK(model["cover_ends"] ==
        Json({{{"certificate", "cpa"}, {"what", "expires"}, {"date", "2026-07-07"}}}));
  const Json last = scene.registry.get_json("/v1/models/" + small_id(6).text());
  CHECK(last["successors"].empty());
  CHECK(last["cover_ends"].empty());
}

TEST_CASE("models: the list and a model can be asked for as they were at a time") {
  TestApi registry;
  std::vector<Bytes> notes = story_notes();
  const std::string before = format_time(registry.log.clock.now());
  registry.log.clock.advance(10'000);
  registry.log.append({notes.begin(), notes.begin() + 8});
  const std::string listed = format_time(registry.log.clock.now());
  registry.log.clock.advance(10'000);
  registry.log.append({notes.begin() + 8, notes.end()});
  const std::string removed = format_time(registry.log.clock.now());
  const auto removed_at = [&](const std::string& time) {
    return registry.get_json("/v1/models?status=removed&time=" + time)["models"].size();
  };
  CHECK(registry.get_json("/v1/models?time=" + before)["models"].empty());
  CHECK(removed_at(listed) == 0);
  CHECK(removed_at(removed) == 1);
  CHECK(registry.get_json("/v1/models?time=" + listed)["log_size"] == 8);
  const std::string model = "/v1/models/" + small_id(1).text() + "?time=";
  CHECK(registry.get_json(model + listed)["status"] == "listed");
  CHECK(registry.get_json(model + removed)["status"] == "removed");
  CHECK(problem(registry.get(model + before), 404)["code"] == "model-not-found");
  CHECK(problem(registry.get("/v1/models?time=2199-01-01T00:00:00Z"), 400)["code"] ==
        "time-in-future");
  CHECK(problem(registry.get("/v1/models?at=3&time=" + listed), 400)["code"] == "time-malformed");
  CHECK(registry.get("/v1/models?cover_ends_by=2027-01-01&time=" + listed).status == 400);
}

}  // namespace cpl::testing::forecast_test
