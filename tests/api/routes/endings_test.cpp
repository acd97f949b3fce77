// The ends of certificates on the channels that are read: the same events, ids and order on each,
// and a cursor that goes on behind them.
#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing::endings_test {
namespace {

constexpr std::uint64_t day_millis = 86'400'000;

Bytes addition_until(std::uint64_t number, const std::string& end) {
  DeviceModel model = small_model(number);
  model.cpa = {"CPA-1",
               {},
               {},
               *Date::parse("2024-01-01"),
               CpaCertificate::Kind::dated,
               *Date::parse(end),
               CertificateMatch::exact};
  return sign(Addition{model, start_time}, log_keys().registrar);
}

// A log of 28 May 2026 whose certificates end on 1 and 15 August, read in July; then an entry.
struct Scene {
  TestApi registry;
  Scene() {
    registry.log.append(
        {charter_note(), addition_until(1, "2026-08-01"), addition_until(2, "2026-08-15")});
    registry.log.clock.advance(40 * day_millis);  // 7 July.
  }
  Json page(const std::string& query) { return registry.get_json("/v1/changes" + query); }
  static std::vector<std::string> ids(const Json& page) {
    std::vector<std::string> found;
    for (const Json& event : page["events"]) found.push_back(event["id"].get<std::string>());
    return found;
  }
};

const std::string first_end = "ending-" + small_id(1).text() + "-2026-08-01-01";
const std::string second_end = "ending-" + small_id(2).text() + "-2026-08-15-01";

}  // namespace

TEST_CASE("endings: a poll has them after the entries before their day, and its cursor is behind") {
  Scene scene;
  const Json first = scene.page("");
  CHECK(Scene::ids(first) == std::vector<std::string>{"entry-1", "entry-2", first_end});
  CHECK(first["done"] == true);
  const auto cursor = first["cursor"].get<std::string>();
  CHECK(cursor == "00000000000000000002_2026-07-01_" + small_id(1).text() + "_01");
  CHECK(Scene::ids(scene.page("?after=" + cursor)).empty());
  CHECK(scene.page("?after=" + cursor)["cursor"] == cursor);
  // A cursor of twenty digits stands behind the ends up to the day of its entry.
  CHECK(Scene::ids(scene.page("?after=00000000000000000002")) ==
        std::vector<std::string>{first_end});

  scene.registry.log.clock.advance(10 * day_millis);  // 17 July.
  scene.registry.log.append({addition_note(3)});
  const Json next = scene.page("?after=" + cursor);
  CHECK(Scene::ids(next) == std::vector<std::string>{second_end, "entry-3"});
  CHECK(next["cursor"] == "00000000000000000003");
  CHECK(Scene::ids(scene.page("")) ==
        std::vector<std::string>{"entry-1", "entry-2", first_end, second_end, "entry-3"});
}

TEST_CASE("endings: pages of one event each give all of them once, and in order") {
  Scene scene;
  scene.registry.log.clock.advance(10 * day_millis);
  scene.registry.log.append({addition_note(3)});
  std::vector<std::string> all;
  std::string after = "earliest";
  for (int pages = 0; pages < 10; ++pages) {
    const Json page = scene.page("?limit=1&after=" + after);
    for (const std::string& id : Scene::ids(page)) all.push_back(id);
    if (page["done"] == true) break;
    after = page["cursor"].get<std::string>();
  }
  CHECK(all == std::vector<std::string>{"entry-1", "entry-2", first_end, second_end, "entry-3"});
}

TEST_CASE("endings: a filter lets them through by type and by what it names") {
  Scene scene;
  const auto read = [&](const std::string& filter) { return Scene::ids(scene.page(filter)); };
  CHECK(read("?types=certificate.ending.v1") == std::vector<std::string>{first_end});
  CHECK(read("?types=entry.added.v1") == std::vector<std::string>{"entry-1", "entry-2"});
  CHECK(read("?models=" + small_id(2).text()) == std::vector<std::string>{"entry-2"});
  const Json own = scene.page("?types=certificate.ending.v1&hardware=PPMID-1063");
  REQUIRE(own["events"].size() == 1);
  CHECK(own["events"][0]["termsmet"] == "types:certificate.ending.v1 hardware:PPMID-1063");
}

TEST_CASE("endings: a cursor whose place is none is refused") {
  Scene scene;
  for (const char* const wrong : {"_", "_2026-13-01~", "_2026-07-01", "_x"}) {
    const HttpResponse answer =
        scene.registry.get("/v1/changes?after=00000000000000000002" + std::string(wrong));
    CHECK(problem(answer, 400)["code"] == "parameter-malformed");
  }
}

TEST_CASE("endings: the Atom feed has them beside the entries, with the same ids") {
  Scene scene;
  const HttpResponse feed = scene.registry.get("/v1/feed.atom");
  REQUIRE(feed.status == 200);
  const auto ending = feed.body->find(first_end);
  REQUIRE(ending != Bytes::npos);
  CHECK(feed.body->find(second_end) == Bytes::npos);
  CHECK(ending < feed.body->find("entry-2"));  // The newest first.
}

}  // namespace cpl::testing::endings_test
