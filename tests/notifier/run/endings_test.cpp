// The ends of certificates as deliveries: in the order of the log and the calendar, again after a
// failure, once, and in a day's digest.
#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing::notifier_endings_test {
namespace {

constexpr std::uint64_t day_hours = 24;
const std::string url = "https://a.example/";

struct Scene : NotifierFixture {
  Scene() {
    DeviceModel model = small_model(7);
    model.cpa = {"CPA-1",
                 {},
                 {},
                 *Date::parse("2024-01-01"),
                 CpaCertificate::Kind::dated,
                 *Date::parse("2026-08-01"),
                 CertificateMatch::exact};
    log.append({sign(Addition{model, start_time}, log_keys().registrar)});
  }
  std::vector<std::string> ids() {
    std::vector<std::string> found;
    for (const OutgoingMessage& message : endpoint(url).messages) {
      found.push_back(Json::parse(message.body)["id"].get<std::string>());
    }
    return found;
  }
};

const std::string one_month = "ending-" + small_id(7).text() + "-2026-08-01-01";

}  // namespace

TEST_CASE("notifier: a certificate's end is told on its day, again after a failure, and once") {
  Scene scene;
  EventFilter ends;
  ends.kinds = {"certificate.ending.v1"};
  const Subscription subscription = scene.subscribe(url, ends);
  scene.settle();
  CHECK(scene.ids().empty());
  scene.endpoint(url).status = 500;
  scene.log.clock.advance(35 * day_hours * hour);  // 2 July.
  scene.settle();
  CHECK(scene.ids() == std::vector<std::string>{one_month});
  scene.endpoint(url).status = 204;
  scene.log.clock.advance(hour);
  scene.settle();
  CHECK(scene.ids() == std::vector<std::string>{one_month, one_month});
  scene.open();  // Another process knows what was told.
  scene.log.clock.advance(hour);
  scene.settle();
  CHECK(scene.ids().size() == 2);
  const auto attempts = scene.notifier->attempts("Party", subscription.id, {}, 1);
  REQUIRE(attempts);
  CHECK(attempts->front().what == "ending");
}

TEST_CASE("notifier: an end comes before its day's entries, and a new subscription hears none") {
  Scene scene;
  scene.log.clock.advance(35 * day_hours * hour);
  scene.log.append({addition_note(8)});
  EventFilter wished;
  wished.kinds = {"certificate.ending.v1", "entry.added.v1"};
  wished.models = {small_id(7), small_id(8)};
  scene.subscribe(url, wished);
  scene.settle();
  CHECK(scene.ids() == std::vector<std::string>{"entry-10", one_month, "entry-11"});
  const auto late = scene.notifier->subscribe("Party", Audience::parties,
                                              {"https://b.example/", wished}, EntryIndex{12});
  REQUIRE(late);
  scene.settle();
  CHECK(scene.endpoint("https://b.example/").messages.empty());
}

}  // namespace cpl::testing::notifier_endings_test
