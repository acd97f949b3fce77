#include "notifier/event/event.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "crypto/merkle.hpp"
#include "notifier/subscription/subscription.hpp"
#include "registry/tlog/tlog_proof.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::event_test {

namespace {

std::optional<Event> event_at(const TestLog& log, std::uint64_t index, Audience audience) {
  const auto leaf = log.view()->leaf(EntryIndex{index});
  REQUIRE(leaf);
  auto event = event_of(*leaf, audience);
  REQUIRE(event);
  return *std::move(event);
}

std::string kind_at(const TestLog& log, std::uint64_t index, Audience audience) {
  const auto event = event_at(log, index, audience);
  return event ? event->kind : "";
}

}  // namespace

TEST_CASE("event: each audience is told what concerns it, and no more") {
  MemoryStore store;
  TestLog log(store);
  log.append(story_notes());
  const std::vector<std::string> parties = {"",
                                            "entry.added.v1",
                                            "entry.added.v1",
                                            "entry.added.v1",
                                            "",
                                            "removal.announced.v1",
                                            "",
                                            "",
                                            "entry.removed.v1",
                                            ""};
  for (std::uint64_t i = 0; i < parties.size(); ++i) {
    CHECK(kind_at(log, i, Audience::parties) == parties[i]);
    const bool receipt = i == 6 || i == 7;
    const std::string desk = i == 5    ? "removal.directed.v1"
                             : receipt ? "removal.receipt.v1"
                                       : parties[i];
    CHECK(kind_at(log, i, Audience::service_desk) == desk);
  }
}

TEST_CASE("event: Parties hear that a removal is off, and of which models; the desk of the first") {
  MemoryStore store;
  TestLog log(store);
  std::vector<Bytes> notes = story_notes();
  notes.resize(6);
  notes.push_back(
      sign(Withdrawal{EntryIndex{5}, {small_id(1)}, "Renewed.", {}}, log_keys().registrar));
  notes.push_back(notice_note({small_id(2)}, EntryIndex{4}));
  notes.push_back(receipt_note(EntryIndex{7}, ReceiptStatus::received));
  notes.push_back(
      sign(Receipt{EntryIndex{7}, ReceiptStatus::rejected, "other", Text("No."), {}, {small_id(2)}},
           log_keys().desk));
  log.append(notes);
  CHECK(kind_at(log, 6, Audience::parties) == "removal.withdrawn.v1");
  CHECK(kind_at(log, 6, Audience::service_desk) == "removal.recalled.v1");
  CHECK(event_at(log, 6, Audience::parties)->models == std::vector{small_id(1)});
  CHECK(event_at(log, 6, Audience::parties)->subject == "notice/5");
  CHECK(kind_at(log, 9, Audience::parties) == "removal.rejected.v1");
  CHECK(kind_at(log, 9, Audience::service_desk) == "removal.receipt.v1");
  CHECK(event_at(log, 9, Audience::parties)->models == std::vector{small_id(2)});
}

TEST_CASE("event: Parties hear when the DCC's systems have a version of the list") {
  MemoryStore store;
  TestLog log(store);
  log.append({charter_note(), addition_note(1)});
  for (const auto status :
       {LoadingStatus::received, LoadingStatus::verified, LoadingStatus::loaded}) {
    log.append({sign(Loading{1, sha256("list"), TreeSize{2}, status, start_time, {}, {}},
                     log_keys().desk)});
  }
  CHECK(kind_at(log, 3, Audience::parties).empty());
  CHECK(kind_at(log, 4, Audience::parties) == "list.loaded.v1");
  CHECK(kind_at(log, 4, Audience::service_desk).empty());
  CHECK(event_at(log, 4, Audience::parties)->subject == "extract/1");
}

TEST_CASE("event: its JSON carries the exact leaf and a proof that holds") {
  MemoryStore store;
  TestLog log(store);
  log.append(story_notes());
  const auto event = event_at(log, 8, Audience::parties);
  REQUIRE(event);
  const auto text = format_event(*event, {EntryIndex{5}}, *log.view(),
                                 {"https://cpl.example/log", "example.cpl"});
  REQUIRE(text);
  const Json json = Json::parse(*text);
  CHECK(json["specversion"] == "1.0");
  CHECK(json["id"] == "entry-8");
  CHECK(json["source"] == "https://cpl.example/log");
  CHECK(json["type"] == "example.cpl.entry.removed.v1");
  CHECK(json["subject"] == "model/" + small_id(1).text());
  CHECK(json["sequence"] == "00000000000000000008");
  CHECK(json["prevsequence"] == "00000000000000000005");
  const auto leaf = from_base64(json["data"]["leaf"].get<std::string>());
  REQUIRE(leaf);
  CHECK(*leaf == event->leaf);
  const auto proof = parse_tlog_proof(json["data"]["proof"].get<std::string>());
  REQUIRE(proof);
  const Checkpoint& head = log.view()->checkpoint();
  CHECK(verify_inclusion(merkle_leaf(*leaf), proof->index, head.size, proof->hashes, head.root));
  // The first event of a subscription has none before it.
  const auto first = format_event(*event, {}, *log.view(), {"s", "p"});
  REQUIRE(first);
  CHECK_FALSE(Json::parse(*first).contains("prevsequence"));
}

TEST_CASE("event: a sequence has twenty digits, and only that spelling") {
  CHECK(format_sequence(EntryIndex{42}) == "00000000000000000042");
  CHECK(parse_sequence("00000000000000000042") == EntryIndex{42});
  CHECK(parse_sequence("00000000000000000000") == EntryIndex{0});
  CHECK(parse_sequence("09223372036854775807") == EntryIndex{INT64_MAX});
  for (const char* text : {"", "42", "0000000000000000004x", "99999999999999999999",
                           "000000000000000000042", "-0000000000000000001"}) {
    CHECK_FALSE(parse_sequence(text));
  }
}

TEST_CASE("subscription: a filter wants what matches all of its lists") {
  MemoryStore store;
  TestLog log(store);
  log.append(story_notes());
  const auto event = event_at(log, 8, Audience::parties);
  REQUIRE(event);
  CHECK(EventFilter{}.matches(*event));
  CHECK(EventFilter{{"entry.removed.v1"}, {"1063"}, {DeviceType::ppmid}, {small_id(1)}}.matches(
      *event));
  CHECK_FALSE(EventFilter{{"entry.added.v1"}, {}, {}, {}}.matches(*event));
  CHECK_FALSE(EventFilter{{}, {"10E0"}, {}, {}}.matches(*event));
  CHECK_FALSE(EventFilter{{}, {}, {DeviceType::esme}, {}}.matches(*event));
  CHECK_FALSE(EventFilter{{}, {}, {}, {small_id(2)}}.matches(*event));
}

TEST_CASE("subscription: only who asks for a class wants its advisories, on its models if any") {
  const std::vector<ModelId> named = {small_id(1)};
  CHECK_FALSE(EventFilter{}.wants_advisory("WHITE", named));
  EventFilter filter{{"entry.added.v1"}, {}, {}, {small_id(1)}, {"GREEN", "RED"}};
  CHECK(filter.wants_advisory("RED", named));  // Types are of other events.
  CHECK(filter.wants_advisory("RED", {}));
  CHECK_FALSE(filter.wants_advisory("AMBER", named));
  CHECK_FALSE(filter.wants_advisory("RED", {small_id(2)}));
  CHECK(filter.wants_advisory("GREEN", {small_id(2), small_id(1)}));
}

TEST_CASE("subscription: a filter's classes are read back as written, and others refused") {
  const auto read = [](const Json& value) {
    FieldErrors errors;
    const EventFilter filter = read_filter(value, "#/filter", errors);
    return errors.empty() ? to_json(filter) : Json(describe(errors));
  };
  const Json filter = {{"classifications", {"AMBER", "RED"}}, {"types", {"entry.added.v1"}}};
  CHECK(read(filter) == filter);
  CHECK(read(Json::object()) == Json::object());
  for (const char* word : {"amber", "SECRET", ""}) {
    const Json refused = read({{"classifications", {"RED", word}}});
    REQUIRE(refused.is_string());
    CHECK_THAT(refused.get<std::string>(), Catch::Contains("filter, classifications"));
  }
}

TEST_CASE("subscription: a row reads back as it was stored") {
  Subscription row;
  row.id = "sub_1";
  row.owner = "party";
  row.audience = Audience::service_desk;
  row.url = "https://party.example/hooks";
  row.filter = {{"entry.removed.v1"}, {"1063"}, {DeviceType::ppmid}, {small_id(1)}, {"RED"}};
  row.cursor = EntryIndex{7};
  row.delivered = EntryIndex{5};
  row.state = SubscriptionState::quarantined;
  row.verified = start_time;
  row.attempt = 11;
  row.next_attempt_at = start_time;
  row.last_failure = "the endpoint answered 500";
  const auto read = decode_subscription(encode(row));
  REQUIRE(read);
  CHECK(encode(*read) == encode(row));
  CHECK_FALSE(decode_subscription("{}"));
  CHECK_FALSE(decode_subscription("not JSON"));
}

TEST_CASE("event: an event knows the notice that it is of, and audiences by their types") {
  MemoryStore store;
  TestLog log(store);
  log.append(story_notes());
  for (const std::uint64_t index : {5U, 6U, 7U, 8U}) {
    const auto event = event_at(log, index, Audience::service_desk);
    REQUIRE(event);
    CHECK(event->notice == EntryIndex{5});
  }
  CHECK_FALSE(event_at(log, 1, Audience::service_desk)->notice);
  CHECK(event_at(log, 7, Audience::service_desk)->summary ==
        "Receipt: the notice in entry 5 was validated");
  CHECK(audience_of("removal.directed.v1") == Audience::service_desk);
  CHECK(audience_of("removal.receipt.v1") == Audience::service_desk);
  CHECK(audience_of("removal.announced.v1") == Audience::parties);
}

}  // namespace cpl::testing::event_test
