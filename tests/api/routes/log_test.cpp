#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::log_test {

TEST_CASE(
    "api: the log's resources are what tlog-tiles says, and nothing is beyond the checkpoint") {
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
  CHECK(header(plain, "Vary") == "Accept-Encoding");
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
  CHECK(problem(registry.get("/v1/changes?after=9x"), 400)["code"] == "parameter-malformed");
  CHECK(problem(registry.get("/v1/changes?types=x"), 400)["code"] == "parameter-malformed");
}

TEST_CASE("api: what is read is tagged, and not sent again to who holds it") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::vector<std::string> targets = {"/tile/0/000.p/10", "/tile/entries/000.p/10",
                                            "/v1/models?limit=2", "/v1/entries",
                                            "/v1/models/" + small_id(1).text()};
  std::set<std::string> tags;
  for (const std::string& target : targets) {
    CAPTURE(target);
    const HttpResponse whole = registry.get(target);
    const std::string tag = header(whole, "ETag");
    CHECK(tag.size() == 2 + 16);
    CHECK(tags.insert(tag).second);
    CHECK(header(whole, "Cache-Control") != "no-store");
    const HttpResponse held = registry.get_with(target, "If-None-Match", "\"x\", W/" + tag);
    CHECK(held.status == 304);
    CHECK(held.body == nullptr);
    CHECK(header(held, "ETag") == tag);
    CHECK(header(held, "Cache-Control") == header(whole, "Cache-Control"));
  }
  const HttpResponse plain = registry.get(targets[1]);
  const HttpResponse packed = registry.send(HttpMethod::get, targets[1], "", "", "gzip");
  CHECK(header(packed, "ETag") != header(plain, "ETag"));
  // A list that grew is another.
  const std::string before = header(registry.get(targets[2]), "ETag");
  registry.log.append({addition_note(9)});
  CHECK(registry.get_with(targets[2], "If-None-Match", before).status == 200);
  CHECK(header(registry.get("/metrics"), "ETag").empty());
}

}  // namespace cpl::testing::log_test
