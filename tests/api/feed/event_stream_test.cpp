// The stream of changes without a socket: pulled as a connection pulls it.
#include "tests/api/routes/api_fixture.hpp"
#include "tools/shared/sse_reader.hpp"

namespace cpl::testing::event_stream_test {

namespace {

constexpr std::uint64_t minute = 60'000;

// What a stream says until it has nothing more to say at present.
Bytes drain(HttpStream& stream) {
  Bytes octets;
  while (true) {
    const HttpStream::Piece piece = stream.next();
    if (piece.octets != nullptr) octets += *piece.octets;
    if (piece.then != HttpStream::Then::more || piece.octets == nullptr) return octets;
  }
}

std::vector<ServerSentEvent> events_in(BytesView octets) {
  std::vector<ServerSentEvent> events;
  SseReader reader([&](const ServerSentEvent& event) -> Result<void> {
    events.push_back(event);
    return {};
  });
  REQUIRE(reader.feed(octets));
  return events;
}

bool is_checkpoint(const ServerSentEvent& event) {
  return event.type == "example.cpl.checkpoint.v1";
}

std::vector<std::string> entries_in(const std::vector<ServerSentEvent>& events) {
  std::vector<std::string> ids;
  for (const ServerSentEvent& event : events) {
    if (!is_checkpoint(event)) ids.push_back(event.last_id);
  }
  return ids;
}

std::shared_ptr<HttpStream> open(TestApi& registry, const std::string& query,
                                 const std::string& last_event_id = {}) {
  const std::string target = "/v1/changes/stream" + query;
  const HttpResponse response = last_event_id.empty()
                                    ? registry.get(target)
                                    : registry.get_with(target, "Last-Event-ID", last_event_id);
  CHECK(response.status == 200);
  CHECK(header(response, "Content-Type") == "text/event-stream");
  CHECK(header(response, "Cache-Control") == "no-store");
  CHECK(header(response, "X-Accel-Buffering") == "no");
  REQUIRE(response.stream != nullptr);
  return response.stream;
}

}  // namespace

TEST_CASE("event stream: the same events as by polling, with the same octets inside") {
  TestApi registry;
  registry.log.append(story_notes());
  const auto stream = open(registry, "?after=earliest");
  const auto events = events_in(drain(*stream));
  const Json polled = registry.get_json("/v1/changes");
  REQUIRE(events.size() == polled["events"].size() + 1);
  for (std::size_t i = 0; i < polled["events"].size(); ++i) {
    CHECK(Json::parse(events[i].data) == polled["events"][i]);
    CHECK(events[i].type == polled["events"][i]["type"]);
    CHECK(events[i].last_id == polled["events"][i]["sequence"]);
  }
  CHECK(is_checkpoint(events.back()));
  CHECK(Json::parse(events.back().data) == polled["checkpoint"]);
  CHECK(events.back().last_id == polled["cursor"]);
}

TEST_CASE("event stream: it resumes behind any entry, without loss and without repetition") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::vector<std::uint64_t> all = {1, 2, 3, 5, 8};
  for (std::uint64_t cursor = 0; cursor < 10; ++cursor) {
    std::vector<std::string> wanted;
    std::optional<std::uint64_t> before;
    for (const std::uint64_t index : all) {
      if (index > cursor) wanted.push_back(format_sequence(EntryIndex{index}));
      if (index <= cursor) before = index;
    }
    const std::string text = format_sequence(EntryIndex{cursor});
    for (const auto& [query, header_value] :
         {std::pair<std::string, std::string>{"?after=" + text, ""},
          {"?lastEventId=" + text, ""},
          {"?last_event_id=" + text, ""},
          {"?after=00000000000000000000", text}}) {
      const auto events = events_in(drain(*open(registry, query, header_value)));
      CHECK(entries_in(events) == wanted);
      const Json first = Json::parse(events.front().data);
      CHECK(first.contains("prevsequence") == before.has_value());
      if (before) CHECK(first["prevsequence"] == format_sequence(EntryIndex{*before}));
    }
  }
}

TEST_CASE("event stream: under a filter each event names the one before that the filter wants") {
  TestApi registry;
  registry.log.append(story_notes());
  const auto stream = open(registry, "?after=00000000000000000004&models=" + small_id(1).text());
  const auto events = events_in(drain(*stream));
  REQUIRE(events.size() == 3);
  CHECK(Json::parse(events[0].data)["prevsequence"] == "00000000000000000001");
  CHECK(Json::parse(events[1].data)["prevsequence"] == "00000000000000000005");
  CHECK(Json::parse(events[2].data)["prevsequence"] == "00000000000000000008");
  CHECK(is_checkpoint(events[2]));
  // Nothing wanted is published: nothing is said.
  registry.log.append({addition_note(4)});
  CHECK(drain(*stream).empty());
}

TEST_CASE("event stream: without a cursor it begins at the head, and then it is live") {
  TestApi registry;
  registry.log.append(story_notes());
  const auto stream = open(registry, "");
  CHECK(entries_in(events_in(drain(*stream))).empty());
  CHECK(drain(*stream).empty());
  registry.log.append({addition_note(4), addition_note(5)});
  const auto events = events_in(drain(*stream));
  CHECK(entries_in(events) ==
        std::vector<std::string>{"00000000000000000010", "00000000000000000011"});
  CHECK(Json::parse(events[0].data)["prevsequence"] == "00000000000000000008");
  CHECK(drain(*stream).empty());
}

TEST_CASE("event stream: what a publication brings is made once for all who want the same") {
  TestApi registry;
  registry.log.append(story_notes());
  const auto one = open(registry, "");
  const auto other = open(registry, "");
  const auto filtered = open(registry, "?types=entry.added.v1");
  for (const auto& stream : {one, other, filtered}) drain(*stream);
  registry.log.append({addition_note(4)});
  const auto octets = one->next().octets;
  REQUIRE(octets != nullptr);
  CHECK(other->next().octets == octets);
  CHECK(filtered->next().octets != octets);
}

TEST_CASE("event stream: a piece is bounded, however far behind the reader is") {
  TestApi registry;
  std::vector<Bytes> notes = {charter_note()};
  for (std::uint64_t i = 1; i < 200; ++i) notes.push_back(addition_note(i));
  registry.log.append(notes);
  const auto stream = open(registry, "?after=earliest");
  std::size_t pieces = 0;
  Bytes octets;
  for (auto piece = stream->next(); piece.octets != nullptr; piece = stream->next()) {
    CHECK(piece.octets->size() < 70'000);
    octets += *piece.octets;
    ++pieces;
  }
  CHECK(pieces > 5);
  CHECK(entries_in(events_in(octets)).size() == 199);
}

TEST_CASE("event stream: it tells the checkpoint at each interval, and beats in between") {
  TestApi registry;
  registry.log.append(story_notes());
  const auto stream = open(registry, "?named=0");
  const auto greeting = events_in(drain(*stream));
  REQUIRE(greeting.size() == 1);
  CHECK(greeting[0].type == "message");
  CHECK(stream->quiet_time() == std::chrono::seconds(15));
  const HttpStream::Piece beat = stream->on_quiet();
  CHECK(beat.octets->starts_with(": hb "));
  CHECK(beat.then == HttpStream::Then::more);
  CHECK(drain(*stream).empty());
  registry.log.clock.advance(24 * 60 * minute);
  const auto next = events_in(drain(*stream));
  REQUIRE(next.size() == 1);
  CHECK(Json::parse(next[0].data)["id"] != Json::parse(greeting[0].data)["id"]);
}

TEST_CASE(
    "event stream: after an hour at most, and when the service stops, it sends readers away") {
  TestApi registry;
  registry.log.append(story_notes());
  const auto stream = open(registry, "");
  drain(*stream);
  registry.log.clock.advance(29 * minute);
  CHECK(stream->next().then == HttpStream::Then::more);
  registry.log.clock.advance(32 * minute);
  auto last = stream->next();
  if (last.then == HttpStream::Then::more) last = stream->next();  // A checkpoint came between.
  CHECK(last.then == HttpStream::Then::end);
  CHECK(last.octets->starts_with("retry: "));
  CHECK(stream->farewell()->starts_with("retry: "));
}

TEST_CASE("event stream: lines of JSON end at the head, or follow") {
  TestApi registry;
  registry.log.append(story_notes());
  const auto lines_of = [&](const std::string& target) {
    const HttpResponse response = registry.get_with(target, "Accept", "application/x-ndjson");
    CHECK(header(response, "Content-Type") == "application/x-ndjson");
    CHECK(header(response, "CPL-Log-Head") == "00000000000000000009");
    REQUIRE(response.stream != nullptr);
    return response.stream;
  };
  const auto once = lines_of("/v1/changes");
  const Bytes text = drain(*once);
  CHECK(std::count(text.begin(), text.end(), '\n') == 6);
  std::vector<Json> objects;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    objects.push_back(Json::parse(text.substr(at, end - at)));
    at = end + 1;
  }
  CHECK(objects[4]["id"] == "entry-8");
  CHECK(objects[5]["type"] == "example.cpl.checkpoint.v1");
  CHECK(once->next().then == HttpStream::Then::end);
  const auto follow = lines_of("/v1/changes?follow=1&after=00000000000000000009");
  drain(*follow);
  CHECK(follow->next().then == HttpStream::Then::more);
  CHECK(*follow->on_quiet().octets == "\n");
  registry.log.append({addition_note(4)});
  CHECK(Json::parse(drain(*follow))["id"] == "entry-10");
}

TEST_CASE("event stream: an address has so many streams, and gets them back") {
  TestApi registry;
  registry.log.append(story_notes());
  std::vector<std::shared_ptr<HttpStream>> streams;
  for (int i = 0; i < 4; ++i) streams.push_back(open(registry, ""));
  const HttpResponse refused = registry.get("/v1/changes/stream");
  CHECK(problem(refused, 429)["code"] == "too-many-streams");
  CHECK_FALSE(header(refused, "Retry-After").empty());
  const std::string waiting = "/v1/changes?wait=5&after=00000000000000000009";
  CHECK(problem(registry.get(waiting), 429)["code"] == "too-many-streams");
  CHECK(registry.get("/v1/changes").status == 200);
  CHECK(registry.metrics().find("cpl_streams 4") != Bytes::npos);
  streams.pop_back();
  CHECK(registry.get(waiting).stream != nullptr);
}

TEST_CASE("stream limits: all addresses together have a limit too") {
  StreamLimits limits({.streams_max = 3, .streams_per_address_max = 2});
  auto one = limits.take("a").value();
  const auto two = limits.take("a").value();
  CHECK_FALSE(limits.take("a"));
  const auto three = limits.take("b").value();
  const auto refused = limits.take("c");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().errc == Errc::overloaded);
  one = nullptr;
  CHECK(limits.take("c"));
  CHECK(limits.stats().open == 2);
  CHECK(limits.stats().refused == 2);
}

TEST_CASE("server-sent events: the reader takes every line end, in any pieces") {
  const Bytes stream =
      "\n: comment\nretry: 250\r\nid: 1\revent: x\ndata: a\ndata:b\n\ndata\n\nid: 2\ndata: c\n\n";
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    std::vector<ServerSentEvent> events;
    SseReader reader([&](const ServerSentEvent& event) -> Result<void> {
      events.push_back(event);
      return {};
    });
    for (std::size_t at = 0; at < stream.size(); at += size) {
      REQUIRE(reader.feed(std::string_view(stream).substr(at, size)));
    }
    REQUIRE(events.size() == 3);
    CHECK(events[0].type == "x");
    CHECK(events[0].data == "a\nb");
    CHECK(events[0].last_id == "1");
    CHECK(events[1].data.empty());
    CHECK(events[1].type == "message");
    CHECK(events[2].last_id == "2");
    CHECK(reader.retry_millis() == 250U);
  }
  SseReader endless([](const ServerSentEvent&) -> Result<void> { return {}; });
  CHECK_FALSE(endless.feed("data: " + Bytes(2U << 20U, 'x')));
}

}  // namespace cpl::testing::event_stream_test
