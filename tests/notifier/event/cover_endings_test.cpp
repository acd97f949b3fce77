// The ends of certificates as events: which days, what a renewal or a removal does to what was
// still to come, and that a receiver can check one by itself.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "notifier/event/cover_endings.hpp"
#include "notifier/event/event.hpp"
#include "registry/event/event_check.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::cover_endings_test {
namespace {

constexpr std::uint64_t day_millis = 86'400'000;

Date date(std::string_view text) {
  const auto parsed = Date::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

CpaCertificate cpa_until(std::string_view end) {
  return {"CPA-1",
          {},
          {},
          date("2024-01-01"),
          CpaCertificate::Kind::dated,
          date(end),
          CertificateMatch::exact};
}
Bytes addition_until(std::uint64_t number, std::string_view end) {
  DeviceModel model = small_model(number);
  model.cpa = cpa_until(end);
  return sign(Addition{model, start_time}, log_keys().registrar);
}
Bytes renewal_until(std::uint64_t number, std::string_view end) {
  CertificateChange change{small_id(number),
                           CertificateKind::cpa,
                           CertificateEvent::renewed,
                           date("2026-06-01"),
                           {},
                           cpa_until(end),
                           {}};
  return sign(change, log_keys().registrar);
}

// A log that begins on 28 May 2026.
struct Scene {
  MemoryStore store;
  TestLog log{store};
  CoverEndings endings{{12, 6, 1}};

  std::vector<std::string> told(std::string_view to, const EndingPlace& after = {}) {
    std::vector<std::string> ids;
    EndingPlace place = after;
    while (const auto ending = *endings.next(*log.view(), {}, place, date(to))) {
      ids.push_back(told_on(*ending).text() + " " + ending_id(*ending));
      place = place_behind(*ending);
    }
    return ids;
  }
  static std::string id(std::string_view day, std::uint64_t number, const std::string& rest) {
    return std::string(day) + " ending-" + small_id(number).text() + "-" + rest;
  }
};

}  // namespace

TEST_CASE("cover endings: months are counted back to the same day, or to the month's last") {
  const auto before = [](std::string_view day, unsigned months) {
    return months_before(date(day), months).text();
  };
  CHECK(before("2027-03-15", 12) == "2026-03-15");
  CHECK(before("2027-03-31", 1) == "2027-02-28");
  CHECK(before("2028-03-30", 1) == "2028-02-29");
  CHECK(before("2027-08-31", 6) == "2027-02-28");
  CHECK(before("2027-01-31", 2) == "2026-11-30");
  CHECK(before("2028-02-29", 12) == "2027-02-28");
  CHECK(before("2027-01-01", 1) == "2026-12-01");
  CHECK(before("2027-03-31", 0) == "2027-03-31");
  const auto days = [](std::string_view day, unsigned months) {
    std::string text;
    for (const Date& one : days_told_on(date(day), months)) text += one.text() + " ";
    return text;
  };
  CHECK(days("2027-02-28", 6) == "2027-08-28 2027-08-29 2027-08-30 2027-08-31 ");
  CHECK(days("2027-02-28", 1) == "2027-03-28 2027-03-29 2027-03-30 2027-03-31 ");
  CHECK(days("2027-01-31", 1).empty());  // February has no such day.
  CHECK(days("2027-01-28", 1) == "2027-02-28 ");
  CHECK(days("2027-05-15", 0) == "2027-05-15 ");
}

TEST_CASE("cover endings: each is told 12, 6 and 1 months ahead and on the day") {
  Scene scene;
  scene.log.append(
      {charter_note(), addition_until(1, "2027-08-31"), addition_until(2, "2026-08-01")});
  CHECK(scene.told("2027-12-31") ==
        std::vector<std::string>{Scene::id("2026-07-01", 2, "2026-08-01-01"),
                                 Scene::id("2026-08-01", 2, "2026-08-01-00"),
                                 Scene::id("2026-08-31", 1, "2027-08-31-12"),
                                 Scene::id("2027-02-28", 1, "2027-08-31-06"),
                                 Scene::id("2027-07-31", 1, "2027-08-31-01"),
                                 Scene::id("2027-08-31", 1, "2027-08-31-00")});
  CHECK(scene.told("2026-07-31").size() == 1);
  CHECK(scene.told("2026-08-31", place_behind(date("2026-07-01"))).size() == 2);
}

TEST_CASE("cover endings: what was renewed or removed before the day is not told") {
  Scene scene;
  scene.log.append({charter_note(), addition_until(1, "2026-08-01"),
                    addition_until(2, "2026-08-01"), decision_note({small_id(2)}),
                    notice_note({small_id(2)}, EntryIndex{3}),
                    receipt_note(EntryIndex{4}, ReceiptStatus::received),
                    receipt_note(EntryIndex{4}, ReceiptStatus::validated)});
  scene.log.clock.advance(35 * day_millis);  // 2 July.
  scene.log.append({renewal_until(1, "2029-08-01"), removal_note(small_id(2), EntryIndex{4})});
  CHECK(scene.told("2026-12-31") ==
        std::vector<std::string>{Scene::id("2026-07-01", 1, "2026-08-01-01"),
                                 Scene::id("2026-07-01", 2, "2026-08-01-01")});
  CHECK(scene.told("2028-08-01").back() == Scene::id("2028-08-01", 1, "2029-08-01-12"));
}

TEST_CASE("cover endings: who read while the log grew and who reads it at once agree") {
  Scene scene;
  scene.log.append({charter_note(), addition_until(1, "2026-08-31")});
  std::vector<std::string> grown;
  EndingPlace place;
  for (int day = 0; day < 120; ++day) {
    scene.log.clock.advance(day_millis);
    if (day == 20) scene.log.append({addition_until(2, "2026-09-30")});
    if (day == 70) scene.log.append({renewal_until(2, "2029-09-30")});
    const Date now = day_told_by(scene.log.clock.now());
    while (const auto ending = *scene.endings.next(*scene.log.view(), {}, place, now)) {
      grown.push_back(told_on(*ending).text() + " " + ending_id(*ending));
      place = place_behind(*ending);
    }
  }
  CoverEndings anew{{1, 6, 12, 6}};
  std::vector<std::string> at_once;
  place.clear();
  while (const auto ending =
             *anew.next(*scene.log.view(), {}, place, day_told_by(scene.log.clock.now()))) {
    at_once.push_back(told_on(*ending).text() + " " + ending_id(*ending));
    place = place_behind(*ending);
  }
  CHECK(grown == at_once);
  CHECK(grown.size() == 2);  // Of the first: the other was renewed in time, a month before the day.
}

TEST_CASE("cover endings: a day is told an hour after it began in London, whatever the season") {
  const auto told_by = [](std::string_view time) {
    const auto at = parse_time(time);
    REQUIRE(at);
    return day_told_by(*at).text();
  };
  CHECK(told_by("2026-07-01T23:59:59Z") == "2026-07-01");  // Summer: midnight was at 23:00.
  CHECK(told_by("2026-07-02T00:00:00Z") == "2026-07-02");
  CHECK(told_by("2026-12-02T00:59:59Z") == "2026-12-01");
  CHECK(told_by("2026-12-02T01:00:00Z") == "2026-12-02");
}

TEST_CASE("cover endings: a receiver checks one by its proof and the calendar") {
  Scene scene;
  scene.log.append({charter_note(), addition_until(1, "2026-08-01")});
  const auto ending = *scene.endings.next(*scene.log.view(), {}, {}, date("2026-07-01"));
  REQUIRE(ending);
  const auto text = format_ending(*ending, {EntryIndex{1}, "types:certificate.ending.v1"},
                                  *scene.log.view(), {"https://cpl.example/log", "example.cpl"});
  REQUIRE(text);
  const Json event = Json::parse(*text);
  CHECK(event["type"] == "example.cpl.certificate.ending.v1");
  CHECK(event["id"] == "ending-" + small_id(1).text() + "-2026-08-01-01");
  CHECK(event["time"] == "2026-06-30T23:00:00Z");
  CHECK_FALSE(event.contains("sequence"));
  CHECK(event["prevsequence"] == "00000000000000000001");
  const auto policy =
      TrustPolicy::parse("log " + log_keys().log.verifier().to_string() + "\nquorum none\n");
  REQUIRE(policy);
  const auto judged = [&](const Json& one) {
    EventChecker checker(*policy);
    const auto told = checker.check(one);
    return told ? told->summary : told.error().code;
  };
  CHECK(judged(event) ==
        "Certificate: the CPA certificate of " + small_id(1).text() +
            " expires in 1 month, on 2026-08-01. Nothing is removed by that alone");
  const auto altered = [&](const char* member, const Json& value) {
    Json other = event;
    other["data"][member] = value;
    return judged(other);
  };
  CHECK(altered("end_date", "2026-09-01") == "event-altered");
  CHECK(altered("day", "2026-07-02") == "event-altered");
  CHECK(altered("months", 2U) == "event-altered");
  CHECK(altered("model", small_id(2).text()) == "event-altered");
  CHECK(altered("months", "one") == "event-malformed");
  Json renamed = event;
  renamed["id"] = "ending-" + small_id(1).text() + "-2026-08-01-06";
  CHECK(judged(renamed) == "event-altered");
}

}  // namespace cpl::testing::cover_endings_test
