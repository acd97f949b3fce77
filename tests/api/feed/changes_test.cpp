// Polling: pages by cursor, filters, forms, and polls that wait.
#include "api/feed/changes.hpp"
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::changes_test {

namespace {

std::vector<std::string> ids_of(const Json& events) {
  std::vector<std::string> ids;
  for (const Json& event : events) ids.push_back(event["id"].get<std::string>());
  return ids;
}

// All events that the filter wants, page by page.
std::vector<Json> poll_all(TestApi& registry, const std::string& filter, unsigned limit) {
  std::vector<Json> events;
  std::string after;
  while (true) {
    const Json page =
        registry.get_json("/v1/changes?limit=" + std::to_string(limit) + filter + after);
    for (const Json& event : page["events"]) events.push_back(event);
    if (page["done"].get<bool>()) return events;
    after = "&after=" + page["cursor"].get<std::string>();
  }
}

void append_models(TestApi& registry, std::uint64_t first, std::uint64_t last) {
  std::vector<Bytes> notes;
  for (std::uint64_t i = first; i <= last; ++i) notes.push_back(addition_note(i));
  registry.log.append(notes);
}

}  // namespace

TEST_CASE("changes: whatever the pages and the filter, each event names the one before it") {
  TestApi registry;
  registry.log.append(story_notes());
  append_models(registry, 4, 20);
  const std::string some = "&models=" + small_id(1).text() + "," + small_id(17).text();
  for (const std::string& filter :
       {std::string(), std::string("&types=entry.added.v1"), some,
        std::string("&manufacturer_ids=1063&device_types=PPMID,ESME")}) {
    for (const unsigned limit : {1U, 2U, 7U, 1000U}) {
      INFO(filter << " limit " << limit);
      const auto events = poll_all(registry, filter, limit);
      REQUIRE_FALSE(events.empty());
      CHECK_FALSE(events[0].contains("prevsequence"));
      for (std::size_t i = 1; i < events.size(); ++i) {
        CHECK(events[i]["prevsequence"] == events[i - 1]["sequence"]);
      }
    }
  }
  CHECK(ids_of(poll_all(registry, some, 1)) ==
        std::vector<std::string>{"entry-1", "entry-5", "entry-8", "entry-23"});
  CHECK(poll_all(registry, "&manufacturer_ids=FFFF", 5).empty());
}

TEST_CASE("changes: a poll goes on from any cursor, and says how far it looked") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json all = registry.get_json("/v1/changes");
  for (std::uint64_t cursor = 0; cursor < 10; ++cursor) {
    const std::string after = "?after=" + (cursor % 2 == 0 ? format_sequence(EntryIndex{cursor})
                                                           : std::to_string(cursor));
    const Json page = registry.get_json("/v1/changes" + after);
    std::vector<std::string> wanted;
    for (const Json& event : all["events"]) {
      if (event["data"]["index"].get<std::uint64_t>() > cursor)
        wanted.push_back(event["id"].get<std::string>());
    }
    CHECK(ids_of(page["events"]) == wanted);
    CHECK(page["cursor"] == "00000000000000000009");
    CHECK(page["head"] == "00000000000000000009");
    const Json none = registry.get_json("/v1/changes" + after + "&types=key.rotated.v1");
    CHECK(none["events"].empty());
    CHECK(none["cursor"] == "00000000000000000009");
    CHECK(none["done"] == true);
  }
}

TEST_CASE("changes: a page at the head carries the signed checkpoint as an event") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json page = registry.get_json("/v1/changes");
  const Json checkpoint = page["checkpoint"];
  CHECK(checkpoint["type"] == "example.cpl.checkpoint.v1");
  CHECK(checkpoint["id"].get<std::string>().starts_with("checkpoint-10-"));
  CHECK(checkpoint["prevsequence"] == "00000000000000000008");
  CHECK_FALSE(checkpoint.contains("sequence"));
  CHECK(checkpoint["data"]["checkpoint"] == registry.log.view()->checkpoint_note());
  CHECK(checkpoint["data"]["cursor"] == page["cursor"]);
  CHECK(registry.get_json("/v1/changes")["checkpoint"]["id"] == checkpoint["id"]);
  registry.log.clock.advance(24 * 3'600'000);
  CHECK(registry.get_json("/v1/changes")["checkpoint"]["id"] != checkpoint["id"]);
  CHECK_FALSE(registry.get_json("/v1/changes?limit=1").contains("checkpoint"));
  TestApi empty;
  CHECK_FALSE(empty.get_json("/v1/changes").contains("checkpoint"));
}

TEST_CASE("changes: a batch is a bare array, with the cursor beside it") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::string target = "/v1/changes?limit=2&types=entry.added.v1";
  const Json page = registry.get_json(target);
  const HttpResponse batch =
      registry.get_with(target, "Accept", "text/html, application/cloudevents-batch+json;q=0.9");
  CHECK(header(batch, "Content-Type") == "application/cloudevents-batch+json; charset=utf-8");
  CHECK(Json::parse(*batch.body) == page["events"]);
  CHECK(header(batch, "CPL-Cursor") == "00000000000000000002");
  CHECK(header(batch, "Link") ==
        "</v1/changes?after=00000000000000000002&limit=2&types=entry.added.v1>; rel=\"next\"");
  // And the page that was kept is still a page.
  CHECK(registry.get_json(target) == page);
}

TEST_CASE("changes: the form is the one that the reader wants most") {
  const auto form = [](const std::vector<std::string>& fields) {
    HttpRequest request;
    for (const std::string& value : fields) request.headers.add("Accept", value);
    return changes_form(request);
  };
  using enum ChangesForm;
  CHECK(form({}) == json);
  CHECK(form({"*/*"}) == json);
  CHECK(form({"text/html"}) == json);
  CHECK(form({"application/x-ndjson"}) == lines);
  CHECK(form({"Application/X-NDJSON"}) == lines);
  CHECK(form({"*/*, application/x-ndjson"}) == lines);
  CHECK(form({"application/x-ndjson;q=0.1, application/json"}) == json);
  CHECK(form({"application/json;q=0.1", "application/x-ndjson;q=0.2"}) == lines);
  CHECK(form({"application/x-ndjson, application/json"}) == lines);
  CHECK(form({"application/json, application/x-ndjson"}) == json);
  CHECK(form({"application/json;q=0, */*;q=0.5"}) == batch);
  CHECK(form({"application/x-ndjson;q=0"}) == json);
  CHECK(form({"application/*, application/json;q=0.3, application/cloudevents-batch+json;q=0.2"}) ==
        lines);
}

TEST_CASE("changes: what a client holds already is not sent again") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::string tag = header(registry.get("/v1/changes"), "ETag");
  REQUIRE_FALSE(tag.empty());
  for (const std::string& list : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
    const HttpResponse unchanged = registry.get_with("/v1/changes", "If-None-Match", list);
    CHECK(unchanged.status == 304);
    CHECK(unchanged.body == nullptr);
    CHECK(header(unchanged, "ETag") == tag);
  }
  CHECK(registry
            .send_with(HttpMethod::get, "/v1/changes",
                       {{"If-None-Match", "\"x\""}, {"if-none-match", tag}})
            .status == 304);
  CHECK(registry.get_with("/v1/changes", "If-None-Match", "\"x\"").status == 200);
  append_models(registry, 4, 4);
  CHECK(registry.get_with("/v1/changes", "If-None-Match", tag).status == 200);
}

TEST_CASE("changes: a cursor beyond the log is an alarm on every way to read") {
  TestApi registry;
  registry.log.append(story_notes());
  for (const char* target :
       {"/v1/changes?after=00000000000000000010", "/v1/changes?after=00000000000000000010&wait=5",
        "/v1/changes/stream?after=00000000000000000010",
        "/v1/changes/stream?last_event_id=00000000000000000999"}) {
    const Json refusal = problem(registry.get(target), 409);
    CHECK(refusal["code"] == "cursor-ahead");
  }
  const std::string ahead = "00000000000000000010";
  CHECK(registry.get_with("/v1/changes/stream", "Last-Event-ID", ahead).status == 409);
  CHECK(registry.get_with("/v1/changes?after=" + ahead, "Accept", "application/x-ndjson").status ==
        409);
  for (const char* target :
       {"/v1/changes?models=x", "/v1/changes?device_types=TOASTER", "/v1/changes?wait=31",
        "/v1/changes?until=5", "/v1/changes/stream?after=x5", "/v1/changes/stream?named=2"}) {
    INFO(target);
    CHECK(registry.get(target).status == 400);
  }
}

TEST_CASE("changes: a poll that waits answers when there is what it wants") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::string at_head = "/v1/changes?after=00000000000000000009&wait=30";
  CHECK(registry.get("/v1/changes?wait=30").stream == nullptr);  // There is something at once.
  const HttpResponse all = registry.get(at_head);
  const HttpResponse removals = registry.get(at_head + "&types=entry.removed.v1");
  REQUIRE(all.stream != nullptr);
  REQUIRE(removals.stream != nullptr);
  CHECK(header(all, "CPL-Cursor") == "00000000000000000009");
  CHECK(header(all, "Link").find("after=00000000000000000009") != std::string::npos);
  CHECK(all.stream->next().octets == nullptr);
  CHECK(all.stream->quiet_time() == std::chrono::seconds(30));
  registry.log.clock.advance(12'000);
  append_models(registry, 4, 4);
  const HttpStream::Piece page = all.stream->next();
  CHECK(page.then == HttpStream::Then::end);
  const Json answer = Json::parse(*page.octets);
  CHECK(ids_of(answer["events"]) == std::vector<std::string>{"entry-10"});
  CHECK(answer["cursor"] == "00000000000000000010");
  // What it does not want does not make it wait longer.
  CHECK(removals.stream->next().octets == nullptr);
  CHECK(removals.stream->quiet_time() < std::chrono::seconds(18));
  const HttpStream::Piece late = removals.stream->on_quiet();
  CHECK(late.then == HttpStream::Then::end);
  const Json nothing = Json::parse(*late.octets);
  CHECK(nothing["events"].empty());
  CHECK(nothing["cursor"] == "00000000000000000010");
  CHECK(nothing["done"] == true);
}

}  // namespace cpl::testing::changes_test
