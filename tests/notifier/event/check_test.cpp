// What readers of events believe, and what they do not.
#include "registry/event/event_check.hpp"

#include <nlohmann/json.hpp>

#include "notifier/event/event.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::check_test {

namespace {

const EventOptions options{"https://cpl.example/log", "example.cpl"};

EventChecker checker() {
  const auto policy =
      TrustPolicy::parse("log " + log_keys().log.verifier().to_string() + "\nquorum none\n");
  REQUIRE(policy);
  return EventChecker(*policy);
}

Json event_json(const LogView& log, std::uint64_t index, std::optional<std::uint64_t> previous) {
  const auto event = event_of(log.leaf(EntryIndex{index}).value(), Audience::parties).value();
  REQUIRE(event);
  std::optional<EntryIndex> before;
  if (previous) before = EntryIndex{*previous};
  return Json::parse(format_event(*event, {before}, log, options).value());
}

Json checkpoint_json(const LogView& log, std::uint64_t previous) {
  return Json::parse(
      format_checkpoint_event(log, UnixMillis{0}, EntryIndex{previous}, options).value());
}

}  // namespace

TEST_CASE("event check: events with their proofs are believed, and a gap shows") {
  MemoryStore store;
  TestLog log(store);
  log.append(story_notes());
  EventChecker reader = checker();
  CHECK_FALSE(reader.check(event_json(*log.view(), 1, {})).value().gap);
  CHECK_FALSE(reader.check(event_json(*log.view(), 2, 1)).value().gap);
  const Told repeated = reader.check(event_json(*log.view(), 2, 1)).value();
  CHECK(repeated.repeated);
  CHECK_FALSE(repeated.gap);
  CHECK(reader.check(event_json(*log.view(), 5, 3)).value().gap);
  CHECK(reader.cursor() == EntryIndex{5});
  CHECK(reader.check(checkpoint_json(*log.view(), 8)).value().gap);
  CHECK(reader.cursor() == EntryIndex{9});
}

TEST_CASE("event check: a reader that resumes sees what it missed") {
  MemoryStore store;
  TestLog log(store);
  log.append(story_notes());
  EventChecker reader = checker();
  reader.resume_from(EntryIndex{3});
  CHECK(reader.check(event_json(*log.view(), 8, 5)).value().gap);
  EventChecker other = checker();
  other.resume_from(EntryIndex{7});
  CHECK_FALSE(other.check(event_json(*log.view(), 8, 5)).value().gap);
}

TEST_CASE("event check: an altered event is refused") {
  MemoryStore store;
  TestLog log(store);
  log.append(story_notes());
  EventChecker reader = checker();
  Json wrong_leaf = event_json(*log.view(), 1, {});
  wrong_leaf["data"]["leaf"] = event_json(*log.view(), 2, {})["data"]["leaf"];
  CHECK(reader.check(wrong_leaf).error().code == "inclusion-proof-invalid");
  Json wrong_place = event_json(*log.view(), 1, {});
  wrong_place["sequence"] = "00000000000000000002";
  CHECK(reader.check(wrong_place).error().code == "inclusion-proof-invalid");
  Json wrong_type = event_json(*log.view(), 1, {});
  wrong_type["type"] = "example.cpl.entry.removed.v1";
  CHECK(reader.check(wrong_type).error().code == "event-altered");
  Json wrong_words = event_json(*log.view(), 1, {});
  wrong_words["data"]["summary"] = "Removed: everything";
  const Told told = checker().check(wrong_words).value();
  CHECK(told.summary == "Added: " + small_id(1).text());
  CHECK(told.line.find("everything") == std::string::npos);
  Json checkpoint = checkpoint_json(*log.view(), 8);
  auto note = checkpoint["data"]["checkpoint"].get<std::string>();
  note.replace(note.find("\n10\n"), 4, "\n11\n");
  checkpoint["data"]["checkpoint"] = note;
  CHECK_FALSE(reader.check(checkpoint));
  for (const char* text : {"[]", "{}", R"({"data":[]})", R"({"data":{"leaf":1}})"}) {
    CHECK_FALSE(reader.check(Json::parse(text)));
  }
  CHECK_FALSE(reader.cursor());
}

TEST_CASE("event check: two roots at one size are told apart from everything else") {
  MemoryStore one_store;
  MemoryStore other_store;
  TestLog one(one_store);
  TestLog other(other_store);
  one.append({charter_note(), addition_note(1)});
  other.append({charter_note(), addition_note(2)});
  EventChecker reader = checker();
  CHECK(reader.check(event_json(*one.view(), 1, {})));
  const auto forked = reader.check(event_json(*other.view(), 1, {}));
  REQUIRE_FALSE(forked);
  CHECK(forked.error().code == "log-forked");
}

}  // namespace cpl::testing::check_test
