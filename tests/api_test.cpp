#include "api/api.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "crypto/merkle.hpp"
#include "registry/memory_store.hpp"
#include "registry/tlog_proof.hpp"
#include "registry/verdict.hpp"
#include "tests/log_fixture.hpp"

using namespace cpl;
using namespace cpl::testing;

namespace {

constexpr std::string_view party_token = "the token of a Party";
constexpr std::string_view other_token = "the token of another";

// Delivers nothing; these tests are about the API.
class SilentTransport final : public Transport {
 public:
  void send(OutgoingMessage, Done done) override {
    done(Error{Errc::unavailable, "silent", "nothing is delivered in this test", 0});
  }
};

ApiOptions options() {
  ApiOptions options{"https://cpl.example",
                     "https://cpl.example/problems/",
                     {"https://cpl.example/log", "example.cpl"},
                     log_keys().log.verifier(),
                     {{"party", Audience::parties, sha256(party_token)},
                      {"other", Audience::parties, sha256(other_token)}},
                     {},
                     1U << 20U,
                     {}};
  options.statement_rate.burst = 100;
  options.statement_rate.per_second = 1;
  return options;
}

// A registry behind its API, with no socket and no thread: the test orders the batches itself.
class TestApi {
 public:
  TestApi() {
    auto opened = Notifier::open(
        store_, [this] { return log->view(); }, transport_, log.clock, std::string(32, 'k'),
        {{"https://cpl.example/log", "example.cpl"}, "cpl.example"});
    REQUIRE(opened);
    notifier = *std::move(opened);
    sequencer = std::make_unique<Sequencer>(*log, Sequencer::Options{}, [] {});
    api = std::make_unique<Api>(*log, *sequencer, *notifier, log.clock, options());
  }

  HttpResponse send(HttpMethod method, const std::string& target, const Bytes& body = {},
                    std::string_view token = {}, std::string_view accept_encoding = {}) {
    HttpRequest request;
    const auto parsed = parse_target(target);
    REQUIRE(parsed);
    request.method = method;
    request.target = target;
    request.segments = parsed->segments;
    request.query = parsed->query;
    request.body = body;
    request.peer = "192.0.2.1";
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + std::string(token));
    if (!accept_encoding.empty()) request.headers.add("Accept-Encoding", accept_encoding);
    std::optional<HttpResponse> answered;
    api->handle(std::move(request), [&](HttpResponse response) {
      REQUIRE_FALSE(answered);
      answered = std::move(response);
    });
    sequencer->run_once();
    REQUIRE(answered);
    return *std::move(answered);
  }

  HttpResponse get(const std::string& target) { return send(HttpMethod::get, target); }
  Json get_json(const std::string& target) {
    const HttpResponse response = get(target);
    INFO(target << ": " << *response.body);
    REQUIRE(response.status == 200);
    return Json::parse(*response.body);
  }
  HttpResponse post(const Bytes& note) {
    log.clock.advance(1000);
    return send(HttpMethod::post, "/v1/statements", note);
  }

 private:
  MemoryStore store_;
  SilentTransport transport_;

 public:
  TestLog log{store_};
  std::unique_ptr<Notifier> notifier;
  std::unique_ptr<Sequencer> sequencer;
  std::unique_ptr<Api> api;
};

std::string header(const HttpResponse& response, std::string_view name) {
  for (const auto& [field, value] : response.headers) {
    if (field == name) return value;
  }
  return "";
}

// The problem document of an answer.
Json problem(const HttpResponse& response, unsigned status) {
  CHECK(response.status == status);
  CHECK(header(response, "Content-Type") == "application/problem+json");
  const Json json = Json::parse(*response.body);
  CHECK(json["status"] == status);
  CHECK(json["type"] == "https://cpl.example/problems/" + json["code"].get<std::string>());
  CHECK_FALSE(json["detail"].get<std::string>().empty());
  return json;
}

}  // namespace

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
  CHECK(problem(registry.post(addition_note(1)), 403)["code"] == "signature-missing");
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

TEST_CASE("api: a removed model says so, on whose decision and since when") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json model = registry.get_json("/v1/models/" + small_id(1).text());
  CHECK(model["status"] == "removed");
  CHECK(model["removed_by"] == 8);
  CHECK(model["dcc_status"] == "Withdrawn");
  CHECK(model["effective_from"] == format_time(start_time));
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
  CHECK(problem(registry.get("/v1/models?after=x"), 400)["code"] == "model-id-malformed");
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
  const Verdict removal =
      judge_file(*registry.get("/v1/models/" + small_id(1).text() + "/evidence").body, policy,
                 {start_time});
  CHECK(removal.outcome == Outcome::valid);
  CHECK(problem(registry.get("/v1/notices/4"), 404)["code"] == "notice-not-found");
  CHECK(problem(registry.get("/v1/models/" + small_id(2).text() + "/evidence"), 409)["code"] ==
        "model-listed");
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

TEST_CASE("api: the log's resources are what tlog-tiles says, and nothing is beyond the checkpoint") {
  TestApi registry;
  std::vector<Bytes> notes = {charter_note()};
  for (std::uint64_t i = 1; i < 300; ++i) notes.push_back(addition_note(i));
  registry.log.append(notes);
  CHECK(*registry.get("/checkpoint").body == registry.log.view()->checkpoint_note());
  const HttpResponse full = registry.get("/tile/0/000");
  CHECK(full.body->size() == 8192);
  CHECK(header(full, "Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(registry.get("/tile/0/001.p/44").body->size() == 44 * 32);
  CHECK(registry.get("/tile/0/001.p/1").body->size() == 32);
  CHECK(registry.get("/tile/1/000.p/1").body->size() == 32);
  CHECK(registry.get("/tile/entries/001.p/44").status == 200);
  for (const char* path :
       {"/tile/0/001", "/tile/0/001.p/45", "/tile/0/001.p/0", "/tile/0/000.p/256", "/tile/0/002",
        "/tile/00/000", "/tile/0/0", "/tile/0/x000/001", "/tile/2/000.p/1", "/tile/entries/002",
        "/tile/0/%30%30%30", "/tile/0/000.p/01", "/tile/64/000"}) {
    const HttpResponse beyond = registry.get(path);
    INFO(path);
    CHECK(beyond.status == 404);
    CHECK(header(beyond, "Cache-Control") == "no-store");
  }
}

TEST_CASE("api: entry bundles are packed for those who take it, hash tiles for nobody") {
  TestApi registry;
  registry.log.append({charter_note(), addition_note(1)});
  const auto packed = [&](const std::string& target) {
    return registry.send(HttpMethod::get, target, "", "", "gzip, identity");
  };
  const HttpResponse plain = registry.get("/tile/entries/000.p/2");
  CHECK(header(plain, "Content-Encoding").empty());
  for (int again = 0; again < 2; ++again) {  // Made, then kept.
    const HttpResponse bundle = packed("/tile/entries/000.p/2");
    CHECK(header(bundle, "Content-Encoding") == "gzip");
    CHECK(header(bundle, "Vary") == "Accept-Encoding");
    CHECK(bundle.body->size() < plain.body->size());
  }
  CHECK(*registry.get("/tile/entries/000.p/2").body == *plain.body);
  CHECK(header(packed("/tile/0/000.p/2"), "Content-Encoding").empty());
  CHECK(header(packed("/tile/entries/001"), "Content-Encoding").empty());
}

TEST_CASE("api: an answer that was kept is not given for a newer state of the log") {
  TestApi registry;
  registry.log.append({charter_note(), addition_note(1)});
  CHECK(registry.get_json("/v1/models")["models"].size() == 1);
  CHECK(registry.get_json("/v1/models")["models"].size() == 1);
  registry.log.append({addition_note(2)});
  CHECK(registry.get_json("/v1/models")["models"].size() == 2);
  CHECK(*registry.get("/checkpoint").body == registry.log.view()->checkpoint_note());
}

TEST_CASE("api: changes are read by cursor, each with a proof, and end where the log does") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json page = registry.get_json("/v1/changes?limit=4");
  REQUIRE(page["events"].size() == 4);
  CHECK(page["events"][0]["type"] == "example.cpl.entry.added.v1");
  CHECK(page["events"][3]["type"] == "example.cpl.removal.announced.v1");
  CHECK(page["events"][1]["prevsequence"] == page["events"][0]["sequence"]);
  CHECK(page["done"] == false);
  const Json rest = registry.get_json("/v1/changes?after=" + page["cursor"].get<std::string>());
  REQUIRE(rest["events"].size() == 1);
  CHECK(rest["events"][0]["type"] == "example.cpl.entry.removed.v1");
  CHECK(rest["done"] == true);
  CHECK(rest["cursor"] == "00000000000000000009");
  const Json removals = registry.get_json("/v1/changes?types=example.cpl.entry.removed.v1");
  CHECK(removals["events"].size() == 1);
  CHECK(problem(registry.get("/v1/changes?after=00000000000000000010"), 409)["code"] ==
        "cursor-ahead");
  CHECK(problem(registry.get("/v1/changes?after=9"), 400)["code"] == "parameter-malformed");
  CHECK(problem(registry.get("/v1/changes?types=x"), 400)["code"] == "parameter-malformed");
}

TEST_CASE("api: subscriptions need a token and are nobody else's business") {
  TestApi registry;
  const std::string body = R"({"url": "https://party.example/hooks"})";
  const auto send = [&](HttpMethod method, const std::string& target, std::string_view token) {
    return registry.send(method, target, method == HttpMethod::post ? body : "", token);
  };
  CHECK(problem(send(HttpMethod::post, "/v1/subscriptions", ""), 401)["code"] ==
        "credentials-missing");
  CHECK(send(HttpMethod::post, "/v1/subscriptions", "guessed").status == 401);
  const HttpResponse made = send(HttpMethod::post, "/v1/subscriptions", party_token);
  REQUIRE(made.status == 201);
  const Json subscription = Json::parse(*made.body);
  CHECK(subscription["secret"].get<std::string>().starts_with("whsec_"));
  CHECK(subscription["public_key"].get<std::string>().starts_with("whpk_"));
  const std::string path = "/v1/subscriptions/" + subscription["id"].get<std::string>();
  CHECK(send(HttpMethod::get, path, party_token).status == 200);
  CHECK(send(HttpMethod::get, path, party_token).body->find("whsec_") == std::string::npos);
  // To another Party it looks like one that never was.
  const HttpResponse other = send(HttpMethod::get, path, other_token);
  const HttpResponse never = send(HttpMethod::get, "/v1/subscriptions/sub_none", other_token);
  CHECK(other.status == 404);
  CHECK(*other.body == *never.body);
  CHECK(send(HttpMethod::delete_, path, other_token).status == 404);
  CHECK(Json::parse(*send(HttpMethod::get, "/v1/subscriptions", other_token).body)["subscriptions"]
            .empty());
  CHECK(send(HttpMethod::delete_, path, party_token).status == 204);
  CHECK(send(HttpMethod::get, path, party_token).status == 404);
}

TEST_CASE("api: a subscription that is not as it must be says which member and why") {
  TestApi registry;
  const auto refused = [&](const std::string& body) {
    return problem(registry.send(HttpMethod::post, "/v1/subscriptions", body, party_token), 400)
        ["detail"]
            .get<std::string>();
  };
  CHECK(refused("{}").find("#/url") != std::string::npos);
  CHECK(refused(R"({"url":"https://a.example","filter":{"types":["x"]}})").find("#/filter/types") !=
        std::string::npos);
  CHECK(refused(R"({"url":"https://a.example","colour":1})").find("#/colour") !=
        std::string::npos);
  CHECK(refused(R"({"url":"https://a.example","from":99})").find("#/from") != std::string::npos);
  CHECK(refused("[").find("not valid JSON") != std::string::npos);
}

TEST_CASE("api: health, readiness and metrics") {
  TestApi registry;
  registry.log.append({charter_note()});
  CHECK(registry.get("/healthz").status == 200);
  CHECK(registry.get("/readyz").status == 200);
  const std::string metrics = *registry.get("/metrics").body;
  CHECK(metrics.find("\ncpl_log_size 1\n") != std::string::npos);
  CHECK(metrics.find("\ncpl_ready 1\n") != std::string::npos);
}

TEST_CASE("api: what is not there, and what is not allowed") {
  TestApi registry;
  CHECK(problem(registry.get("/v2"), 404)["code"] == "not-found");
  CHECK(problem(registry.get("/v1/entries/0"), 404)["code"] == "entry-not-found");
  CHECK(problem(registry.send(HttpMethod::delete_, "/v1/models"), 400)["code"] ==
        "method-not-allowed");
  CHECK(registry.get("/").status == 200);
}
