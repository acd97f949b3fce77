// Late steps of a removal: who hears of them, once, and on which subscriptions.
#include "notifier/run/escalation.hpp"

#include "tests/notifier/run/notifier_fixture.hpp"

namespace cpl::testing::escalation_test {

namespace {

const std::string duty_url = "https://duty.example/hooks";
const std::string chief_url = "https://chief.example/hooks";

Bytes applied_note() {
  return sign(Receipt{EntryIndex{5}, ReceiptStatus::applied, {}, {}, start_time}, log_keys().desk);
}

// The story has removed a model, and the DCC has not said that it applied that: entry 8, so it is
// due 24 hours later.
struct Late : NotifierFixture {
  Late() {
    escalation.levels = {{"duty", 0}, {"chief", 4}};
    open();
    subscribe_as("duty", duty_url);
    subscribe_as("chief", chief_url);
    settle();
  }

  Subscription subscribe_as(const std::string& party, const std::string& url) {
    auto made = notifier->subscribe(party, Audience::parties, {url, {}},
                                    EntryIndex{log.view()->size().value});
    REQUIRE(made);
    return *std::move(made);
  }
  void pass(std::uint64_t hours, std::uint64_t millis = 0) {
    log.clock.advance(hours * hour + millis);
    settle();
  }
  // What an endpoint was told of late steps.
  std::vector<Json> told(const std::string& url) {
    std::vector<Json> events;
    for (const OutgoingMessage& message : endpoint(url).messages) {
      Json event = Json::parse(message.body);
      if (event["type"] == "example.cpl.desk.late.v1") events.push_back(std::move(event));
    }
    return events;
  }
};

}  // namespace

TEST_CASE("escalation: a late step is told once to each level, when it is late for it") {
  Late late;
  late.pass(24);
  CHECK(late.told(duty_url).empty());  // Due is not late.
  late.pass(0, 1);
  const auto first = late.told(duty_url);
  REQUIRE(first.size() == 1);
  CHECK(first[0]["subject"] == "notice/5");
  CHECK(first[0]["data"]["notice"] == 5);
  CHECK(first[0]["data"]["step"] == "apply");
  CHECK(first[0]["data"]["due"] == format_time(UnixMillis{start_time.value + 1000 + 24 * hour}));
  CHECK(first[0]["data"]["models"] == 1);
  CHECK_THAT(first[0]["data"]["summary"].get<std::string>(),
             Catch::Contains("LATE: notice 5 is not applied by the DCC"));
  CHECK(late.told(chief_url).empty());
  late.pass(4);
  CHECK(late.told(duty_url).size() == 1);
  REQUIRE(late.told(chief_url).size() == 1);
  late.pass(100);
  late.open();
  late.pass(1);
  CHECK(late.told(duty_url).size() == 1);
  CHECK(late.told(chief_url).size() == 1);
  CHECK(late.notifier->stats().untold == 0);
}

TEST_CASE(
    "escalation: what is done in time is told to nobody, and a done step to no further level") {
  Late in_time;
  in_time.log.append({applied_note()});
  in_time.pass(100);
  CHECK(in_time.told(duty_url).empty());
  Late late;
  late.pass(25);
  REQUIRE(late.told(duty_url).size() == 1);
  late.log.append({applied_note()});
  late.pass(100);
  CHECK(late.told(duty_url).size() == 1);
  CHECK(late.told(chief_url).empty());
}

TEST_CASE("escalation: an endpoint that fails is told again, one that waits for its owner later") {
  Late late;
  late.endpoint(duty_url).status = 500;
  late.pass(25);
  REQUIRE(late.told(duty_url).size() == 1);
  late.endpoint(duty_url).status = 204;
  late.open();
  late.pass(2);
  const auto told = late.told(duty_url);
  REQUIRE(told.size() == 2);
  CHECK(told[0] == told[1]);  // With the same id.

  Late paused;
  const auto own = paused.notifier->of_owner("duty");
  REQUIRE(own.size() == 1);
  REQUIRE(paused.notifier->pause("duty", own[0].id));
  paused.pass(25);
  CHECK(paused.told(duty_url).empty());
  CHECK(paused.notifier->stats().untold == 1);
  REQUIRE(paused.notifier->resume("duty", own[0].id));
  paused.pass(1);
  CHECK(paused.told(duty_url).size() == 1);
  CHECK(paused.notifier->stats().untold == 0);
}

TEST_CASE("escalation: the notifier wakes when a step becomes late for the next level") {
  Late late;
  const UnixMillis due{start_time.value + 1000 + 24 * hour};
  CHECK(late.notifier->run_once() == UnixMillis{due.value + 1});
  late.pass(25);
  CHECK(late.notifier->run_once() == UnixMillis{due.value + 4 * hour + 1});
}

TEST_CASE("escalation: where telling cannot be kept, it is tried again") {
  Late late;
  late.store.fail_after(0, StoreFault::fails_not_persisted);
  late.pass(25);
  late.pass(1);
  CHECK_FALSE(late.told(duty_url).empty());
  late.open();
  const auto before = late.told(duty_url).size();
  late.pass(1);
  CHECK(late.told(duty_url).size() == before);
}

TEST_CASE("escalation: of more late steps than may wait for an endpoint none is forgotten") {
  Late late;
  late.endpoint(duty_url).status = 500;
  constexpr std::uint64_t notices = 25;
  std::vector<Bytes> notes;
  for (std::uint64_t i = 0; i < notices; ++i) notes.push_back(addition_note(100 + i));
  late.log.append(notes);
  std::vector<ModelId> models;
  for (std::uint64_t i = 0; i < notices; ++i) models.push_back(small_id(100 + i));
  const EntryIndex decision = late.log.append({decision_note(models)});
  for (const ModelId& model : models) late.log.append({notice_note({model}, decision)});
  late.pass(30);
  CHECK(late.notifier->stats().untold > 0);  // They wait until there is room.
  late.endpoint(duty_url).status = 204;
  late.open();
  for (int i = 0; i < 10; ++i) late.pass(1);
  std::set<std::pair<std::uint64_t, std::string>> steps;
  for (const Json& event : late.told(duty_url)) {
    steps.emplace(event["data"]["notice"].get<std::uint64_t>(),
                  event["data"]["step"].get<std::string>());
  }
  CHECK(steps.size() == 2 * notices + 1);  // receive and validate of each, and apply of the first.
  CHECK(late.notifier->stats().untold == 0);
}

}  // namespace cpl::testing::escalation_test
