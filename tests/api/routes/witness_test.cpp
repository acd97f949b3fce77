// The API where witnesses cosign: what follows the published checkpoint and what the newest one.
// And a witness's own API.
#include "api/routes/witness_api.hpp"

#include "registry/log/publication.hpp"
#include "registry/tlog/tlog_proof.hpp"
#include "tests/api/routes/api_fixture.hpp"
#include "tests/registry/log/witness_fixture.hpp"

namespace cpl::testing::witness_test {
namespace {

// The story's ten entries in the log; published is what the test publishes.
struct Scene : TestApi {
  MemoryStore publications;
  std::unique_ptr<Publication> publication;

  Scene() {
    auto opened = Publication::open(*log, publications, log_keys().log.verifier());
    REQUIRE(opened);
    publication = *std::move(opened);
    ApiOptions options = api_options();
    options.published = [this] { return publication->view(); };
    api = std::make_unique<Api>(*log, *sequencer, *notifier, log.clock, std::move(options));
  }
  void publish() {
    auto note = parse_note(log.view()->checkpoint_note());
    REQUIRE(note);
    cosign_note(*note, cosigner_of("witness.example"), log.clock.now().value / 1000);
    REQUIRE(publication->publish(*log.view(), format_note(*note)));
  }
  std::string code(const std::string& target, unsigned status) {
    return problem(get(target), status)["code"].get<std::string>();
  }
};

}  // namespace

TEST_CASE("api: with witnesses the checkpoint waits for them, answers and tiles do not") {
  Scene scene;
  const auto notes = story_notes();
  for (std::size_t i = 0; i < 6; ++i) REQUIRE(scene.post(notes[i]).status == 201);
  scene.publish();
  const Bytes published = scene.publication->view()->checkpoint_note();
  CHECK(*scene.get("/checkpoint").body == published);

  for (std::size_t i = 6; i < notes.size(); ++i) {
    const HttpResponse answer = scene.post(notes[i]);
    REQUIRE(answer.status == 201);
    const Json json = Json::parse(*answer.body);
    CHECK(json["checkpoint"] == scene.log.view()->checkpoint_note());
    CHECK(parse_tlog_proof(json["proof"].get<std::string>())->checkpoint_note ==
          scene.log.view()->checkpoint_note());
  }
  CHECK(*scene.get("/checkpoint").body == published);
  CHECK(scene.get("/tile/0/000.p/10").status == 200);
  CHECK(scene.get("/tile/0/000.p/6").status == 200);
  CHECK(scene.get_json("/v1/models/" + small_id(1).text())["status"] == "removed");

  CHECK(scene.code("/v1/models/" + small_id(1).text() + "/evidence", 503) == "not-published-yet");
  CHECK(scene.code("/v1/entries/6/proof", 503) == "not-published-yet");
  CHECK(scene.code("/v1/entries/99/proof", 404) == "entry-not-found");
  CHECK(parse_tlog_proof(*scene.get("/v1/entries/5/proof").body)->checkpoint_note == published);
  CHECK(scene.get_json("/v1/notices/5/verdict")["log_size"] == 6);
  const Json changes = scene.get_json("/v1/changes");
  CHECK(changes["log_size"] == 6);
  CHECK(changes["events"].size() == 4);
  // A cursor from an answer to a statement is no sign that the log was rolled back.
  CHECK(scene.get_json("/v1/changes?after=00000000000000000009")["events"].empty());
  CHECK(scene.code("/v1/changes?after=00000000000000000010", 409) == "cursor-ahead");

  scene.publish();
  CHECK(*scene.get("/checkpoint").body == scene.publication->view()->checkpoint_note());
  CHECK(scene.get_json("/v1/changes")["events"].size() == 5);
  CHECK(scene.get("/v1/models/" + small_id(1).text() + "/evidence").status == 200);
  CHECK(parse_tlog_proof(*scene.get("/v1/entries/5/proof").body)->checkpoint_note ==
        scene.publication->view()->checkpoint_note());
}

TEST_CASE("api: with witnesses a renewed cosignature is shown although the log is unchanged") {
  Scene scene;
  for (const Bytes& note : story_notes()) REQUIRE(scene.post(note).status == 201);
  scene.publish();
  const Bytes first = *scene.get("/checkpoint").body;
  scene.log.clock.advance(60'000);
  scene.publish();
  CHECK(*scene.get("/checkpoint").body != first);
  CHECK(*scene.get("/checkpoint").body == scene.publication->view()->checkpoint_note());
}

TEST_CASE("api: a log that was never cosigned shows no checkpoint") {
  Scene scene;
  REQUIRE(scene.get("/checkpoint").status == 200);  // The empty log's.
  for (const Bytes& note : story_notes()) REQUIRE(scene.post(note).status == 201);
  const auto reopened =
      Publication::open(*scene.log, scene.publications, log_keys().log.verifier());
  REQUIRE(reopened);
  ApiOptions options = api_options();
  options.published = [&] { return (*reopened)->view(); };
  scene.api = std::make_unique<Api>(*scene.log, *scene.sequencer, *scene.notifier, scene.log.clock,
                                    std::move(options));
  CHECK(scene.code("/checkpoint", 503) == "not-published-yet");
  CHECK(scene.get_json("/v1/changes")["events"].empty());
}

TEST_CASE("api: an alarm is told by /readyz and to whoever submits; reads go on") {
  Scene scene;
  for (const Bytes& note : story_notes()) REQUIRE(scene.post(note).status == 201);
  scene.publish();
  CHECK(scene.get("/readyz").status == 200);
  REQUIRE(scene.publication->raise_alarm("the witness w contradicts this log: it answered 422"));
  const Json ready = problem(scene.readiness(), 503);
  CHECK(ready["code"] == "witness-alarm");
  CHECK_THAT(ready["detail"].get<std::string>(),
             Catch::Contains("the witness w contradicts this log: it answered 422"));
  CHECK(problem(scene.post(addition_note(9)), 503)["code"] == "witness-alarm");
  CHECK(scene.get("/checkpoint").status == 200);
  CHECK(scene.get("/v1/models/" + small_id(1).text()).status == 200);
}

TEST_CASE("witness api: it answers add-checkpoint, and what it cosigned to anybody who asks") {
  const SignedTree tree(20);
  MemoryWitnessStore store;
  const TestClock clock;
  const auto witness =
      open_witness(cosigner_of("witness.example"), {tree.signer().verifier()}, store, clock);
  const auto send = [&](HttpMethod method, const std::string& target, const Bytes& body = {}) {
    HttpRequest request;
    request.method = method;
    request.segments = parse_target(target)->segments;
    request.body = body;
    return answer_as_witness(*witness, request);
  };
  const std::string monitor = "/" + to_hex(sha256(tree_origin)) + "/checkpoint";
  CHECK(send(HttpMethod::get, monitor).status == 404);
  const HttpResponse cosigned = send(HttpMethod::post, "/add-checkpoint", tree.body(0, 8));
  CHECK(cosigned.status == 200);
  CHECK(header(cosigned, "Cache-Control") == "no-store");
  const HttpResponse latest = send(HttpMethod::get, monitor);
  CHECK(latest.status == 200);
  CHECK(*latest.body == tree.checkpoint(8) + *cosigned.body);
  CHECK(header(latest, "Access-Control-Allow-Origin") == "*");
  const HttpResponse conflict = send(HttpMethod::post, "/add-checkpoint", tree.body(0, 9));
  CHECK(conflict.status == 409);
  CHECK(header(conflict, "Content-Type") == "text/x.tlog.size");
  CHECK(*conflict.body == "8\n");

  CHECK(send(HttpMethod::get, "/add-checkpoint").status == 405);
  CHECK(header(send(HttpMethod::put, "/add-checkpoint"), "Allow") == "POST");
  CHECK(send(HttpMethod::post, monitor).status == 405);
  CHECK(send(HttpMethod::get, "/" + to_hex(sha256("x")) + "/checkpoint").status == 404);
  CHECK(send(HttpMethod::get, "/abc/checkpoint").status == 404);
  CHECK(send(HttpMethod::get, "/").status == 404);
  CHECK(send(HttpMethod::get, "/healthz").status == 200);
}

}  // namespace cpl::testing::witness_test
