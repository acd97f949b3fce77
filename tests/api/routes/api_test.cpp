#include "tests/api/routes/api_fixture.hpp"

#include "crypto/merkle.hpp"
#include "registry/evidence/verdict.hpp"
#include "registry/tlog/tlog_proof.hpp"

namespace cpl::testing::api_test {

TEST_CASE("api: a statement is answered with its index, checkpoint and proof") {
  TestApi registry;
  const HttpResponse made = registry.post(charter_note());
  REQUIRE(made.status == 201);
  CHECK(header(made, "Location") == "/v1/entries/0");
  const HttpResponse added = registry.post(addition_note(1));
  REQUIRE(added.status == 201);
  const Json json = Json::parse(*added.body);
  CHECK(json["index"] == 1);
  const auto proof = parse_tlog_proof(json["proof"].get<std::string>());
  REQUIRE(proof);
  const auto checkpoint =
      open_checkpoint(proof->checkpoint_note, log_keys().log.verifier(), log_origin);
  REQUIRE(checkpoint);
  const Bytes leaf = *registry.get("/v1/entries/1/leaf").body;
  CHECK(verify_inclusion(merkle_leaf(leaf), EntryIndex{1}, checkpoint->checkpoint.size,
                         proof->hashes, checkpoint->checkpoint.root));
}

TEST_CASE("api: the same statement again is answered with the first one's index") {
  TestApi registry;
  REQUIRE(registry.post(charter_note()).status == 201);
  REQUIRE(registry.post(addition_note(1)).status == 201);
  const HttpResponse again = registry.post(addition_note(1));
  CHECK(again.status == 200);
  CHECK(Json::parse(*again.body)["index"] == 1);
  CHECK(registry.log.view()->size() == TreeSize{2});
}

TEST_CASE("api: refusals carry the rule's code, sentence and number") {
  TestApi registry;
  CHECK(problem(registry.post("no note"), 400)["code"] == "note-malformed");
  CHECK(problem(registry.post(addition_note(1)), 409)["code"] == "charter-missing");
  REQUIRE(registry.post(charter_note()).status == 201);
  REQUIRE(registry.post(addition_note(1)).status == 201);
  const Json unknown = problem(registry.post(notice_note({small_id(1)}, EntryIndex{0})), 409);
  CHECK(unknown["code"] == "decision-not-found");
  CHECK(unknown["rule"] == 5);
  CHECK(problem(registry.post(Bytes(statement_size_max + 1, 'x')), 413)["code"] ==
        "statement-too-large");
}

TEST_CASE("api: one address may not submit without end") {
  TestApi registry;
  for (int i = 0; i < 100; ++i) {
    REQUIRE(registry.send(HttpMethod::post, "/v1/statements", "x").status == 400);
  }
  const HttpResponse limited = registry.send(HttpMethod::post, "/v1/statements", "x");
  CHECK(problem(limited, 429)["code"] == "rate-limited");
  CHECK(header(limited, "Retry-After") == "1");
  registry.log.clock.advance(1000);
  CHECK(registry.send(HttpMethod::post, "/v1/statements", "x").status == 400);
}

namespace {

HttpResponse post_batch(TestApi& registry, const Json& notes) {
  registry.log.clock.advance(1000);
  return registry.send(HttpMethod::post, "/v1/statements/batch",
                       Json{{"statements", notes}}.dump());
}

}  // namespace

TEST_CASE("api: a batch of statements is answered one by one, under one checkpoint") {
  TestApi registry;
  REQUIRE(registry.post(charter_note()).status == 201);
  const HttpResponse made =
      post_batch(registry, {addition_note(1), "no note", notice_note({small_id(1)}, EntryIndex{0}),
                            addition_note(2), addition_note(1)});
  REQUIRE(made.status == 200);
  const Json json = Json::parse(*made.body);
  const Json& answers = json["statements"];
  REQUIRE(answers.size() == 5);
  CHECK(answers[0]["index"] == 1);
  CHECK(answers[0]["repeated"] == false);
  CHECK(answers[0]["id"] == to_hex(open_note(addition_note(1), registry.log.view()->charter()).id));
  CHECK(answers[1]["code"] == "note-malformed");
  CHECK(answers[1]["status"] == 400);
  CHECK(answers[2]["code"] == "decision-not-found");
  CHECK(answers[2]["rule"] == 5);
  CHECK(answers[3]["index"] == 2);
  CHECK(answers[4]["index"] == 1);
  CHECK(answers[4]["repeated"] == true);
  const auto checkpoint =
      open_checkpoint(json["checkpoint"].get<std::string>(), log_keys().log.verifier(), log_origin);
  REQUIRE(checkpoint);
  CHECK(checkpoint->checkpoint.size == TreeSize{3});
  CHECK(registry.metrics().find("cpl_statements_accepted_total 3\n") != Bytes::npos);
}

TEST_CASE("api: a batch that is none is refused whole, one refused whole says why for each") {
  TestApi registry;
  const auto refused = [&](const Bytes& body) {
    return problem(registry.send(HttpMethod::post, "/v1/statements/batch", body), 400)["code"];
  };
  CHECK(refused("no JSON") == "json-malformed");
  CHECK(refused(R"({"statements": []})") == "validation-failed");
  CHECK(refused(R"({"statements": [1]})") == "validation-failed");
  CHECK(refused(R"({"statements": ["a"], "more": 1})") == "validation-failed");
  CHECK(refused(Json{{"statements", std::vector<std::string>(129, "a")}}.dump()) ==
        "validation-failed");
  const HttpResponse none = post_batch(registry, {addition_note(1)});
  REQUIRE(none.status == 200);
  const Json json = Json::parse(*none.body);
  CHECK(json["statements"][0]["code"] == "charter-missing");
  CHECK(json["checkpoint"].is_null());
}

TEST_CASE("api: a batch counts for as many statements as it holds") {
  TestApi registry;
  const auto send = [&](std::size_t count) {
    return registry.send(HttpMethod::post, "/v1/statements/batch",
                         Json{{"statements", std::vector<std::string>(count, "x")}}.dump());
  };
  REQUIRE(send(60).status == 200);
  CHECK(problem(send(41), 429)["code"] == "rate-limited");
  CHECK(send(40).status == 200);
  CHECK(problem(send(1), 429)["code"] == "rate-limited");
  registry.log.clock.advance(99'000);
  CHECK(problem(send(101), 429)["code"] == "rate-limited");
  registry.log.clock.advance(1000);
  CHECK(send(101).status == 200);  // A whole burst was there; no more ever is.
}

TEST_CASE("api: a removed model says so, on whose decision and since when") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json model = registry.get_json("/v1/models/" + small_id(1).text());
  CHECK(model["status"] == "removed");
  CHECK(model["removed_by"] == 8);
  CHECK(model["dcc_status"] == "Withdrawn");
  CHECK(model["effective_from"] == format_time(UnixMillis{start_time.value + 1000}));
  CHECK(model["authority"]["entry"] == 4);
  CHECK(model["authority"]["standing"] == "confirmed");
  CHECK(model["authority"]["text"] == the_text);
  CHECK(model["listed_firmware"].size() == 2);
  const Json history = registry.get_json("/v1/models/" + small_id(1).text() + "/history");
  std::vector<int> entries;
  for (const Json& entry : history["entries"]) entries.push_back(entry["index"].get<int>());
  CHECK(entries == std::vector<int>{1, 5, 6, 7, 8});
}

TEST_CASE("api: the list as it was at an older size") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::string path = "/v1/models/" + small_id(1).text();
  CHECK(registry.get_json(path + "?at=8")["status"] == "listed");
  CHECK(registry.get_json(path + "?at=9")["status"] == "removed");
  CHECK(problem(registry.get(path + "?at=1"), 404)["code"] == "model-not-found");
  CHECK(registry.get_json("/v1/models?at=2")["models"].size() == 1);
  CHECK(registry.get_json("/v1/models?at=8&status=listed")["models"].size() == 3);
  CHECK(registry.get_json("/v1/models?status=listed")["models"].size() == 2);
}

TEST_CASE("api: the list is searched, filtered and paged") {
  TestApi registry;
  std::vector<Bytes> notes = {charter_note()};
  for (std::uint64_t i = 1; i <= 25; ++i) notes.push_back(addition_note(i));
  registry.log.append(notes);
  std::vector<std::string> ids;
  std::string next = "/v1/models?limit=10";
  int pages = 0;
  while (true) {
    const Json page = registry.get_json(next);
    for (const Json& model : page["models"]) ids.push_back(model["id"].get<std::string>());
    ++pages;
    if (page["next"].is_null()) break;
    next = "/v1/models?limit=10&after=" + page["next"].get<std::string>();
  }
  CHECK(ids.size() == 25);
  CHECK(std::is_sorted(ids.begin(), ids.end()));
  CHECK(pages == 3);
  CHECK(registry.get_json("/v1/models?q=0000000a")["models"].size() == 1);
  CHECK(registry.get_json("/v1/models?q=EXAMPLE%20meters")["models"].size() == 25);
  CHECK(registry.get_json("/v1/models?device_type=ESME")["models"].empty());
  CHECK(registry.get_json("/v1/models?manufacturer_id=1063&limit=500")["models"].size() == 25);
}

TEST_CASE("api: parameters that are wrong or unknown are named") {
  TestApi registry;
  CHECK(problem(registry.get("/v1/models?limit=0"), 400)["code"] == "parameter-malformed");
  CHECK(problem(registry.get("/v1/models?limit=501"), 400)["code"] == "parameter-malformed");
  CHECK(problem(registry.get("/v1/models?staus=listed"), 400)["code"] == "parameter-unknown");
  CHECK(problem(registry.get("/v1/models?status=gone"), 400)["code"] == "parameter-malformed");
  CHECK(problem(registry.get("/v1/models?after=x"), 400)["code"] == "parameter-malformed");
  CHECK(problem(registry.get("/v1/models/x"), 400)["code"] == "model-id-malformed");
  CHECK(problem(registry.get("/v1/entries/01"), 400)["code"] == "index-malformed");
}

TEST_CASE("api: a notice shows its state, authority, verdict and evidence") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json notice = registry.get_json("/v1/notices/5");
  CHECK(notice["state"] == "validated");
  CHECK(notice["receipts"] == Json({6, 7}));
  CHECK(notice["removals"][small_id(1).text()] == 8);
  CHECK(registry.get_json("/v1/notices?state=validated")["notices"].size() == 1);
  CHECK(registry.get_json("/v1/notices?state=applied")["notices"].empty());
  CHECK(registry.get_json("/v1/notices/5/verdict")["verdict"] == "VALID");
  const auto policy = TrustPolicy::of_log(log_keys().log.verifier());
  const Verdict offline =
      judge_file(*registry.get("/v1/notices/5/evidence").body, policy, {start_time});
  CHECK(offline.outcome == Outcome::valid);
  const Verdict removal = judge_file(
      *registry.get("/v1/models/" + small_id(1).text() + "/evidence").body, policy, {start_time});
  CHECK(removal.outcome == Outcome::valid);
  CHECK(problem(registry.get("/v1/notices/4"), 404)["code"] == "notice-not-found");
  // The questions of a model: as of now, of a size, and of a time; listed, and never listed.
  const std::string never = "/v1/models/ESME-FFFF-00000000-00000000/evidence";
  const std::string listed = "/v1/models/" + small_id(2).text() + "/evidence";
  for (const std::string& path : std::vector<std::string>{
           never, listed, listed + "?at=3",
           listed + "?time=" + format_time(registry.log.clock.now()), "/v1/entries/4/evidence",
           "/v1/entries/5/evidence", "/v1/decisions/4/evidence"}) {
    CAPTURE(path);
    CHECK(judge_file(*registry.get(path).body, policy, {start_time}).outcome == Outcome::valid);
  }
  CHECK(problem(registry.get(listed + "?at=0"), 400)["code"] == "parameter-malformed");
  CHECK(problem(registry.get(listed + "?time=now"), 400)["code"] == "time-malformed");
  CHECK(problem(registry.get(listed + "?time=2099-01-01T00:00:00Z"), 400)["code"] ==
        "time-in-future");
  CHECK(problem(registry.get(listed + "?time=1999-01-01T00:00:00Z"), 404)["code"] ==
        "size-not-found");
  CHECK(problem(registry.get("/v1/entries/0/evidence"), 404)["code"] == "evidence-not-found");
}

TEST_CASE("api: decisions and meetings are found by number and name") {
  TestApi registry;
  registry.log.append(story_notes());
  CHECK(registry.get_json("/v1/decisions")["decisions"].size() == 1);
  CHECK(registry.get_json("/v1/decisions/4")["final_minutes"] == 9);
  CHECK(registry.get_json("/v1/meetings")["meetings"].size() == 1);
  CHECK(registry.get_json("/v1/meetings/SECP_30_1103")["status"] == "final");
  CHECK(problem(registry.get("/v1/meetings/SECP_99"), 404)["code"] == "meeting-not-found");
  CHECK(problem(registry.get("/v1/decisions/5"), 404)["code"] == "decision-not-found");
}

TEST_CASE("api: health, readiness and metrics") {
  TestApi registry;
  registry.log.append({charter_note()});
  CHECK(registry.get("/healthz").status == 200);
  CHECK(registry.get("/readyz").status == 200);
  const std::string metrics = registry.metrics();
  CHECK(metrics.find("\ncpl_log_size 1\n") != std::string::npos);
  CHECK(metrics.find("\ncpl_ready 1\n") != std::string::npos);
  CHECK(metrics.find("cpl_not_ready_reason") == std::string::npos);
}

TEST_CASE("api: a log that takes no statements says why, whatever is sent to it") {
  TestApi registry;
  registry.log->halt("store-damaged", "the file 000009.sst is missing");
  const Json refused = problem(registry.readiness(), 503);
  CHECK(refused["code"] == "store-damaged");
  CHECK_THAT(refused["detail"].get<std::string>(), Catch::Contains("000009.sst is missing"));
  // Though it has no charter that a statement could be judged by.
  CHECK(problem(registry.post(charter_note()), 503)["code"] == "store-damaged");
  CHECK(problem(registry.post(addition_note(1)), 503)["code"] == "store-damaged");
  const std::string metrics = registry.metrics();
  CHECK_THAT(metrics, Catch::Contains("\ncpl_ready 0\n") &&
                          Catch::Contains("\ncpl_not_ready_reason{reason=\"store-damaged: the file "
                                          "000009.sst is missing\"} 1\n"));
}

TEST_CASE("api: what is not there, and what is not allowed") {
  TestApi registry;
  CHECK(problem(registry.get("/v2"), 404)["code"] == "not-found");
  CHECK(problem(registry.get("/v1/entries/0"), 404)["code"] == "entry-not-found");
  const auto allow = [&](HttpMethod method, const std::string& target) {
    const HttpResponse response = registry.send(method, target);
    CHECK(problem(response, 405)["code"] == "method-not-allowed");
    return header(response, "Allow");
  };
  CHECK(allow(HttpMethod::delete_, "/v1/models") == "GET, HEAD, OPTIONS");
  CHECK(allow(HttpMethod::get, "/v1/statements") == "POST, OPTIONS");
  CHECK(allow(HttpMethod::get, "/v1/operator/backups") == "POST, OPTIONS");
  CHECK(allow(HttpMethod::put, "/v1/subscriptions/sub_1") == "GET, HEAD, PATCH, DELETE, OPTIONS");
  CHECK(allow(HttpMethod::get, "/v1/subscriptions/preview") == "POST, OPTIONS");
  CHECK(allow(HttpMethod::post, "/v1/extract.json") == "GET, HEAD, OPTIONS");
  CHECK(allow(HttpMethod::post, "/tile/0/x001/234") == "GET, HEAD, OPTIONS");
  CHECK(allow(HttpMethod::put, "/") == "GET, HEAD, OPTIONS");
  CHECK(problem(registry.send(HttpMethod::post, "/v2"), 404)["code"] == "not-found");
  CHECK(problem(registry.send(HttpMethod::post, "/tile"), 404)["code"] == "not-found");
  CHECK(registry.get("/").status == 200);
}

TEST_CASE("api: a statement is judged before it is signed, and nothing is entered") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json size = registry.get_json("/v1/entries?limit=1")["log_size"];
  const auto ask = [&](const Bytes& statement) {
    return registry.send(HttpMethod::post, "/v1/statements/check", statement);
  };
  const auto text_of = [](const StatementBody& body) {
    return format_statement({log_origin, start_time, body});
  };
  // By what it says alone: nobody has signed yet.
  const HttpResponse good = ask(text_of(Addition{small_model(77), start_time}));
  REQUIRE(good.status == 200);
  CHECK(Json::parse(*good.body)["signatures_checked"] == false);
  CHECK(problem(ask(text_of(Addition{small_model(2), start_time})), 409)["code"] ==
        "model-already-listed");
  Charter replaces_nothing = small_charter();
  replaces_nothing.replaces = EntryIndex{1};
  CHECK(problem(ask(text_of(replaces_nothing)), 409)["code"] == "charter-replaces-mismatch");
  CHECK(problem(ask("neither"), 400)["code"] == "statement-malformed");
  // And by its signatures, where it has any.
  CHECK(Json::parse(*ask(addition_note(77)).body)["signatures_checked"] == true);
  CHECK(problem(ask(sign(Addition{small_model(77), start_time}, log_keys().panel)), 403)["code"] ==
        "threshold-not-met");
  CHECK(Json::parse(*ask(charter_note()).body)["entry"] == 0);
  CHECK(registry.get_json("/v1/entries?limit=1")["log_size"] == size);
}

TEST_CASE("api: the charter in force is shown, and that there is none yet") {
  TestApi registry;
  CHECK(problem(registry.get("/v1/charter"), 404)["code"] == "charter-missing");
  registry.log.append({charter_note(), addition_note(1)});
  const Json charter = registry.get_json("/v1/charter");
  CHECK(charter["index"] == 0);
  CHECK(charter["statement"] == charter_note());
}

}  // namespace cpl::testing::api_test
