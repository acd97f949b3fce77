// The Atom feed and its archives.
#include <pugixml.hpp>

#include "api/feed/atom.hpp"
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::feed_test {

namespace {

constexpr std::string_view site = "https://cpl.example";

struct Document {
  explicit Document(const HttpResponse& response) : octets(*response.body) {
    CHECK(response.status == 200);
    CHECK(header(response, "Content-Type") == "application/atom+xml; charset=utf-8");
    REQUIRE(xml.load_string(octets.c_str()));
  }

  pugi::xml_node feed() const { return xml.child("feed"); }
  std::string link(const std::string& rel) const {
    const auto node = feed().find_child_by_attribute("link", "rel", rel.c_str());
    const std::string href = node.attribute("href").value();
    return href.starts_with(site) ? href.substr(site.size()) : href;
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const pugi::xml_node entry : feed().children("entry")) {
      ids.emplace_back(entry.child_value("id"));
    }
    return ids;
  }

  Bytes octets;
  pugi::xml_document xml;
};

void append_models(TestApi& registry, std::uint64_t first, std::uint64_t last) {
  std::vector<Bytes> notes;
  for (std::uint64_t i = first; i <= last; ++i) notes.push_back(addition_note(i));
  registry.log.append(notes);
}

// Every entry from the feed back to the first archive, newest first.
std::vector<std::string> walk(TestApi& registry, const std::string& start) {
  std::vector<std::string> ids;
  for (std::string path = start; !path.empty();) {
    const Document document(registry.get(path));
    for (const std::string& id : document.ids()) {
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    }
    path = document.link("prev-archive");
  }
  return ids;
}

}  // namespace

TEST_CASE("feed: an entry says what the event says, and where its proof is") {
  TestApi registry;
  registry.log.append(story_notes());
  const Document document(registry.get("/v1/feed.atom"));
  const pugi::xml_node feed = document.feed();
  CHECK(std::string(feed.attribute("xmlns").value()) == "http://www.w3.org/2005/Atom");
  CHECK_FALSE(feed.child("fh:archive"));
  CHECK(document.link("self") == "/v1/feed.atom");
  CHECK(document.link("prev-archive").empty());
  REQUIRE(document.ids().size() == 5);
  const Json removed = registry.get_json("/v1/changes")["events"][4];
  const pugi::xml_node entry = feed.child("entry");
  CHECK(std::string(entry.child_value("id")).ends_with(removed["id"].get<std::string>()));
  CHECK(std::string(entry.child_value("id")).starts_with("tag:"));
  CHECK(entry.child_value("title") == removed["data"]["summary"]);
  CHECK(entry.child_value("updated") == removed["time"]);
  CHECK(entry.child_value("cpl:sequence") == removed["sequence"]);
  CHECK(entry.child("category").attribute("term").value() == removed["type"]);
  const auto proof = entry.find_child_by_attribute("link", "title", "proof");
  CHECK(std::string(proof.attribute("href").value()) == "https://cpl.example/v1/entries/8/proof");
  Json content = Json::parse(entry.child_value("content"));
  Json expected = removed;
  expected["data"].erase("proof");
  CHECK(content == expected);
}

TEST_CASE("feed: its archives lead back to entry 0, and a reader sees every event once") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::string first = walk(registry, "/v1/feed.atom").back();
  const std::string tags = first.substr(0, first.find("entry-"));
  for (const std::uint64_t size : {49U, 50U, 51U, 99U, 100U, 149U, 163U}) {
    append_models(registry, registry.log.view()->size().value, size - 1);
    REQUIRE(registry.log.view()->size().value == size);
    std::vector<std::string> wanted;
    const Json page = registry.get_json("/v1/changes?limit=1000");
    for (const Json& event : page["events"]) {
      wanted.insert(wanted.begin(), event["id"].get<std::string>());
    }
    const auto walked = walk(registry, "/v1/feed.atom");
    REQUIRE(walked.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) CHECK(walked[i] == tags + wanted[i]);
  }
  CHECK(walk(registry, "/v1/feed.atom?types=entry.removed.v1").size() == 1);
  CHECK(walk(registry, "/v1/feed.atom?models=" + small_id(1).text()).size() == 3);
}

TEST_CASE("feed: an archive with a next one never changes again") {
  TestApi registry;
  registry.log.append(story_notes());
  append_models(registry, 10, 98);
  CHECK(registry.get("/v1/feed/archive/1.atom").status == 404);
  CHECK(header(registry.get("/v1/feed/archive/0.atom"), "Cache-Control") == "public, max-age=60");
  append_models(registry, 99, 120);
  const std::string all = "/v1/feed/archive/0.atom";
  const std::string some = all + "?types=entry.removed.v1";
  const HttpResponse kept = registry.get(all);
  const HttpResponse kept_of_some = registry.get(some);
  CHECK(header(kept, "Cache-Control") == "public, max-age=31536000, immutable");
  const Document document(kept);
  CHECK(document.feed().child("fh:archive"));
  CHECK(document.link("current") == "/v1/feed.atom");
  CHECK(document.link("next-archive") == "/v1/feed/archive/1.atom");
  CHECK(document.link("prev-archive").empty());
  append_models(registry, 121, 260);
  registry.log.clock.advance(40ULL * 24 * 3'600'000);
  // From a service that has kept nothing.
  Api fresh(*registry.log, *registry.sequencer, *registry.notifier, registry.log.clock,
            api_options());
  const auto again = [&](const std::string& target) {
    HttpRequest request;
    const auto parsed = parse_target(target);
    request.target = target;
    request.segments = parsed->segments;
    request.query = parsed->query;
    std::optional<HttpResponse> answered;
    fresh.handle(std::move(request),
                 [&](HttpResponse response) { answered = std::move(response); });
    return *std::move(answered);
  };
  CHECK(*again(all).body == *kept.body);
  CHECK(header(again(all), "ETag") == header(kept, "ETag"));
  CHECK(*again(some).body == *kept_of_some.body);
}

TEST_CASE("feed: it is asked for conditionally, and only where it is") {
  TestApi registry;
  CHECK(problem(registry.get("/v1/feed.atom"), 404)["code"] == "log-empty");
  registry.log.append(story_notes());
  const HttpResponse feed = registry.get("/v1/feed.atom");
  CHECK_FALSE(header(feed, "Last-Modified").empty());
  CHECK(registry.get_with("/v1/feed.atom", "If-None-Match", header(feed, "ETag")).status == 304);
  const std::string date = header(feed, "Last-Modified");
  CHECK(registry.get_with("/v1/feed.atom", "If-Modified-Since", date).status == 304);
  CHECK(registry.get_with("/v1/feed.atom", "If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")
            .status == 200);
  // A tag is the better word (RFC 9110, 13.1.3).
  CHECK(registry
            .send_with(HttpMethod::get, "/v1/feed.atom",
                       {{"If-None-Match", "\"another\""}, {"If-Modified-Since", date}})
            .status == 200);
  for (const char* path : {"/v1/feed", "/v1/feed/archive", "/v1/feed/archive/0.atom",
                           "/v1/feed/archive/x.atom", "/v1/feed/archive/0"}) {
    INFO(path);
    CHECK(registry.get(path).status == 404);
  }
  CHECK(registry.get("/v1/feed.atom?after=3").status == 400);
}

TEST_CASE("atom: markup in a text stays text, and what XML cannot hold is shown") {
  AtomFeed feed;
  feed.title = "a & b";
  AtomEntry entry;
  entry.title = "<script>alert(\"1\")</script> ]]> \x01\x1f&amp; \xef\xbf\xbf\xc3\xa9";
  entry.content = R"({"a":"<b>&</b>"})";
  entry.links = {{"alternate", "text/html", "https://a/?x=1&y=\"<2>\"", ""}};
  feed.entries.push_back(entry);
  const Bytes xml = to_xml(feed);
  CHECK(xml.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"));
  CHECK(xml.find("<script>") == Bytes::npos);
  CHECK(xml.find("<b>") == Bytes::npos);
  for (const char c : xml) CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
  pugi::xml_document document;
  REQUIRE(document.load_string(xml.c_str()));
  const auto read = document.child("feed").child("entry");
  CHECK(std::string(read.child_value("title")) ==
        "<script>alert(\"1\")</script> ]]> [U+0001][U+001F]&amp; [U+FFFF]\xc3\xa9");
  CHECK(std::string(read.child_value("content")) == entry.content);
  CHECK(std::string(read.child("link").attribute("href").value()) == entry.links[0].href);
  CHECK(std::string(document.child("feed").child_value("title")) == "a & b");
}

}  // namespace cpl::testing::feed_test
