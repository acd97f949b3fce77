// How the registry stands, as strangers are told.
#include "tests/api/routes/extracts_fixture.hpp"

namespace cpl::testing::status_test {

TEST_CASE("status: an empty log says so") {
  TestApi registry;
  const Json status = registry.get_json("/v1/status");
  CHECK(status["origin"] == log_origin);
  CHECK(status["log_size"] == 0);
  CHECK(status["last_entry_time"].is_null());
  CHECK(status["charter"].is_null());
  CHECK(status["extract"].is_null());
}

TEST_CASE("status: the log, its charter, its extract and its calendar are told") {
  ExtractApi api;
  TestApi& registry = api.registry;
  CHECK(registry.get_json("/v1/status")["extract"].is_null());
  REQUIRE(api.publish(api.extract()).status == 201);
  const Json status = registry.get_json("/v1/status");
  CHECK(status["log_size"] == 10);
  CHECK(status["published_size"] == 10);
  CHECK(status["last_entry_time"] == registry.get_json("/v1/entries/9")["time"].get<std::string>());
  CHECK(status["ready"] == true);
  CHECK(status["not_ready"].is_null());
  CHECK(status["witnesses"] == Json::array());
  CHECK(status["quorum"].is_null());
  CHECK(status["charter"] == Json({{"entry", 0}, {"name", "Test registry"}}));
  CHECK(status["extract"] == Json({{"version", 1}, {"log_size", 10}}));
  CHECK(status["calendar"]["name"] == WorkingDays::built_in().name());
  CHECK(status["contact"] == "");
}

TEST_CASE("status: why no statements are taken is told by its code, and not where the data lies") {
  TestApi registry;
  registry.log.append(story_notes());
  registry.log->halt("store-damaged", "keep a copy of /srv/cpl-data");
  const HttpResponse response = registry.get("/v1/status");
  const Json status = Json::parse(*response.body);
  CHECK(status["ready"] == false);
  CHECK(status["not_ready"]["code"] == "store-damaged");
  CHECK(response.body->find("/srv") == Bytes::npos);
}

TEST_CASE("status: witnesses are named with what they last cosigned, and the quorum is counted") {
  TestApi registry;
  registry.log.append(story_notes());
  ApiOptions options = api_options();
  options.cosigning = [] {
    CosignerStats stats;
    stats.witnesses = {{"north", TreeSize{10}, start_time, 3, "refused by 10.0.0.1"},
                       {"south", TreeSize{0}, std::nullopt, 0, ""}};
    stats.count = {2, 3, 1};
    return stats;
  };
  registry.api = std::make_unique<Api>(*registry.log, *registry.sequencer, *registry.notifier,
                                       registry.log.clock, options);
  const Json status = registry.get_json("/v1/status");
  CHECK(status["witnesses"][0] ==
        Json({{"name", "north"}, {"last_size", 10}, {"last_success", format_time(start_time)}}));
  CHECK(status["witnesses"][1]["last_success"].is_null());
  CHECK(status["quorum"] == Json({{"needed", 2}, {"of", 3}, {"fresh", 1}, {"as_of", nullptr}}));
}

}  // namespace cpl::testing::status_test
