// What became of the list by month, and how the clocks of removals were kept.
#include "registry/query/months.hpp"
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::figures_test {

TEST_CASE("months: they are counted over the ends of years, in London") {
  CHECK(month_plus("2026-12", 1) == "2027-01");
  CHECK(month_plus("2026-01", -1) == "2025-12");
  CHECK(month_plus("2026-05", -17) == "2024-12");
  CHECK(is_month("2026-09"));
  for (const std::string_view bad : {"2026-13", "2026-9", "1999-01", "2026-09-01", ""}) {
    CHECK_FALSE(is_month(bad));
  }
  CHECK(month_of(*parse_time("2026-05-31T23:30:00Z")) == "2026-06");
}

TEST_CASE("change months: what was added, removed and corrected is counted where it happened") {
  TestApi registry;
  registry.log.append(story_notes());
  registry.log.clock.advance(40ULL * 86'400'000);
  DeviceModel corrected = small_model(2);
  corrected.remarks = "Corrected.";
  registry.log.append(
      {addition_note(7), sign(Correction{corrected, "A misprint.", {}}, log_keys().registrar)});
  const Json counted = registry.get_json("/v1/changes/months?from=2026-04&to=2026-07");
  CHECK(counted["next"].is_null());
  const auto month = [](const std::string& name, int added, int removed, int corrected_models) {
    return Json{{"month", name},
                {"added", added},
                {"removed", removed},
                {"reinstated", 0},
                {"corrected", corrected_models}};
  };
  CHECK(counted["months"] == Json({month("2026-04", 0, 0, 0), month("2026-05", 3, 1, 0),
                                   month("2026-06", 0, 0, 0), month("2026-07", 1, 0, 1)}));
  const Json year = registry.get_json("/v1/changes/months");
  REQUIRE(year["months"].size() == 12);
  CHECK(year["months"][11]["month"] == "2026-07");
  for (const std::string bad :
       {"from=2026", "to=2026-13", "from=2026-08&to=2026-07", "from=2010-01&to=2026-01"}) {
    CHECK(registry.get("/v1/changes/months?" + bad).status == 400);
  }
}

TEST_CASE("change months: an empty log has months without changes") {
  TestApi registry;
  CHECK(registry.get_json("/v1/changes/months")["months"].size() == 12);
}

TEST_CASE("performance: each step is in time, late or open") {
  TestApi registry;
  std::vector<Bytes> notes = story_notes();
  registry.log.append({notes.begin(), notes.begin() + 7});
  registry.log.clock.advance(2ULL * 86'400'000);
  registry.log.append({notes.begin() + 7, notes.end()});
  const Json counted = registry.get_json("/v1/performance");
  CHECK(counted["notices"] == 1);
  CHECK(counted["calendar"]["name"] == WorkingDays::built_in().name());
  const Json& steps = counted["steps"];
  REQUIRE(steps.size() == 4);
  CHECK(steps[0]["step"] == "notify");
  CHECK(steps[0]["late"] == 1);  // Decided on 20 May, told on 28 May.
  CHECK(steps[0]["late_steps"][0]["notice"] == 5);
  CHECK(steps[1]["in_time"] == 1);
  CHECK(steps[1]["median_seconds"] == 0);
  CHECK(steps[2]["late"] == 1);
  CHECK(steps[2]["worst_seconds"] == 2 * 86'400 + 1);
  CHECK(steps[3]["open"] == 1);
  CHECK(steps[3]["open_steps"][0]["done"].is_null());
  CHECK(steps[3]["median_seconds"].is_null());
  CHECK(registry.get_json("/v1/performance?from=2026-05-28&to=2026-05-28")["notices"] == 1);
  CHECK(registry.get_json("/v1/performance?from=2026-05-29")["notices"] == 0);
  CHECK(registry.get_json("/v1/performance?to=2026-05-27")["notices"] == 0);
  CHECK(registry.get("/v1/performance?from=May").status == 400);
}

}  // namespace cpl::testing::figures_test
