// What readers are told while the log takes no statements, and who signed what they read.
#include "registry/log/log_keys.hpp"
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::not_ready_test {

namespace {

const std::string data_folder = "/srv/cpl-data";

}  // namespace

TEST_CASE("not ready: what is read is marked so, kept answers and streams too, and not before") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::vector<std::string> targets = {"/v1/models",
                                            "/v1/entries/4",
                                            "/tile/0/000.p/10",
                                            "/v1/changes",
                                            "/v1/changes/stream?after=00000000000000000003",
                                            "/v1/changes?wait=30&after=00000000000000000009"};
  for (const std::string& target : targets) {
    CAPTURE(target);
    CHECK(header(registry.get(target), "CPL-Not-Ready").empty());
  }
  registry.log->halt("store-damaged", "keep a copy of " + data_folder);
  for (const std::string& target : targets) {
    CAPTURE(target);
    CHECK(header(registry.get(target), "CPL-Not-Ready") == "store-damaged");
  }
}

TEST_CASE("not ready: where the data lies is told to who looks after it, and to nobody else") {
  TestApi registry;
  registry.log.append(story_notes());
  registry.log->halt("store-damaged", "keep a copy of " + data_folder);
  for (const HttpResponse& response : {registry.post(addition_note(30)), registry.get("/readyz"),
                                       registry.send(HttpMethod::get, "/readyz", {}, party_token),
                                       registry.send(HttpMethod::get, "/readyz", {}, "guessed")}) {
    const Json refused = problem(response, 503);
    CHECK(refused["code"] == "store-damaged");
    CHECK(refused["detail"].get<std::string>().find(data_folder) == std::string::npos);
  }
  CHECK(registry.get("/metrics").body->find(data_folder) == Bytes::npos);
  CHECK_THAT(registry.metrics(), Catch::Contains(data_folder));
  const Json ready = problem(registry.readiness(), 503);
  CHECK(ready["detail"].get<std::string>().find(data_folder) != std::string::npos);
}

TEST_CASE("not ready: a reason of any kind is told to who looks after the service alone") {
  const auto code = GENERATE(as<std::string>(), "read-only", "store-damaged", "witness-alarm");
  TestApi registry;
  registry.log.append(story_notes());
  registry.log->halt(code, "IO error: " + data_folder);
  const Json told = problem(registry.get("/readyz"), 503);
  CHECK(told["code"] == code);
  CHECK(told["detail"] == problem(registry.post(addition_note(30)), 503)["detail"]);
  CHECK(told["detail"].get<std::string>().find(data_folder) == std::string::npos);
  for (const std::string_view token : {operator_token, metrics_token}) {
    const Json full = problem(registry.send(HttpMethod::get, "/readyz", {}, token), 503);
    CHECK(full["code"] == code);
    CHECK_THAT(full["detail"].get<std::string>(), Catch::Contains(data_folder));
  }
}

TEST_CASE("metrics: they count Parties, so no stranger and no Party reads them") {
  TestApi registry;
  CHECK(problem(registry.get("/metrics"), 401)["code"] == "credentials-missing");
  for (const std::string_view token : {party_token, std::string_view("guessed")}) {
    CHECK(registry.send(HttpMethod::get, "/metrics", {}, token).status == 401);
  }
  const HttpResponse read = registry.send(HttpMethod::get, "/metrics", {}, operator_token);
  CHECK(read.status == 200);
  CHECK(header(read, "Cache-Control") == "private, no-store");
  CHECK(registry.get("/metrics").status == 401);  // Nothing was kept of it.
  for (const char* path : {"/v1/operator/parties", "/v1/operator/openings", "/v1/subscriptions"}) {
    CHECK(registry.send(HttpMethod::get, path, {}, metrics_token).status == 401);
  }
}

TEST_CASE("not ready: no backup is made of what is damaged") {
  TestApi registry;
  registry.log.append(story_notes());
  const auto ask = [&] {
    return registry.send(HttpMethod::post, "/v1/operator/backups", "", operator_token);
  };
  CHECK(problem(ask(), 503)["code"] == "backup-not-configured");
  registry.log->halt("store-damaged", "a block was altered");
  CHECK(problem(ask(), 503)["code"] == "store-damaged");
}

TEST_CASE("not ready: a fault that a batch of statements meets is told to the operator") {
  TestApi registry;
  registry.log.append(story_notes());
  registry.spoil(store_keys::model(small_id(2)));
  registry.log.append({addition_note(29)});  // What is read from now on is what is left.
  const Bytes again = cpl::testing::sign(Addition{small_model(2), start_time}, log_keys().registrar,
                                         registry.log.clock.now());
  const Json body = {{"statements", {again}}};
  const HttpResponse answer = registry.send(HttpMethod::post, "/v1/statements/batch", body.dump());
  REQUIRE(answer.status == 200);
  CHECK(Json::parse(*answer.body)["statements"][0]["code"] == "stored-data-corrupt");
  CHECK(registry.told.size() == 1);
}

TEST_CASE("signers: a line that is of no key of the charter is no signature of an entry") {
  TestApi registry;
  registry.log.append({charter_note()});
  Note note = *parse_note(addition_note(1));
  sign_note(note, signer_of("panel"));     // A key of the charter, though not of this role;
  sign_note(note, signer_of("stranger"));  // of nobody;
  sign_note(note, log_key_from("another under the log's name"));
  registry.log.append({format_note(note)});
  const Json entry = registry.get_json("/v1/entries/1");
  CHECK(entry["signed_by"] == Json({"panel", "registrar"}));
  CHECK(entry["statement"].get<std::string>().find("stranger") != std::string::npos);
  CHECK(registry.get_json("/v1/entries/0")["signed_by"] == Json({"panel"}));
}

TEST_CASE("filters: a maker is named by its id, everywhere") {
  TestApi registry;
  registry.log.append(story_notes());
  for (const char* wrong : {"9a01", "Aldersyke", "10633", "0X63"}) {
    CAPTURE(wrong);
    CHECK(problem(registry.get("/v1/models?manufacturer_id=" + std::string(wrong)), 400)["code"] ==
          "parameter-malformed");
    CHECK(problem(registry.get("/v1/changes?manufacturer_ids=1063," + std::string(wrong)),
                  400)["code"] == "parameter-malformed");
    const Json wish = {{"url", "https://party.example/"},
                       {"filter", {{"manufacturer_ids", {wrong}}}}};
    CHECK(problem(registry.send(HttpMethod::post, "/v1/subscriptions", wish.dump(), party_token),
                  400)["code"] == "validation-failed");
  }
  CHECK(registry.get("/v1/models?manufacturer_id=1063").status == 200);
}

}  // namespace cpl::testing::not_ready_test
