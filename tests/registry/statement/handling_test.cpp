// How a decision's sealed texts are to be handled: the words, and what they allow.
#include "registry/statement/handling.hpp"

#include <catch2/catch.hpp>

#include "registry/query/decision_handling.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::handling_test {

namespace {

const std::string words =
    "AMBER\n"
    "service_desk\n"
    "example-energy 2026-12-01T00:00:00Z\n"
    "all_parties 2026-12-08T00:00:00Z";

UnixMillis at(std::string_view time) { return parse_time(time).value(); }

std::string refusal_of(std::string_view text) {
  const auto handling = Handling::parse(text);
  return handling ? "read" : handling.error().code;
}

std::string allows(const std::string& of_class, const std::vector<OpeningReader>& readers) {
  const auto allowed = Handling::parse(words).value().check_allows(of_class, readers);
  return allowed ? "allowed" : allowed.error().code;
}

Decision decision_with(const std::optional<Text>& handling) {
  Decision decision = the_decision({small_id(1), small_id(2)});
  decision.handling = handling;
  return decision;
}

std::string reading_of(const std::optional<Text>& handling) {
  const auto read =
      parse_statement(format_statement({log_origin, start_time, decision_with(handling)}));
  if (!read) return read.error().detail;
  return std::get<Decision>(read->body).handling == handling ? "the same" : "another";
}

}  // namespace

TEST_CASE("handling: a class and its readers read back as they were written") {
  const auto handling = Handling::parse(words);
  REQUIRE(handling);
  CHECK(handling->classification == "AMBER");
  REQUIRE(handling->readers.size() == 3);
  CHECK(handling->readers[0].who == readers_service_desk);
  CHECK(handling->readers[0].from == UnixMillis{0});
  CHECK(handling->readers[1].who == "example-energy");
  CHECK(handling->readers[1].from == at("2026-12-01T00:00:00Z"));
  CHECK(handling->to_words() == words);
}

TEST_CASE("handling: what is none is refused") {
  CHECK(refusal_of("WHITE\nall_parties") == "read");
  std::string many = "RED";
  for (int i = 0; i < 100; ++i) many += "\np" + std::to_string(i);
  CHECK(refusal_of(many) == "read");
  for (const std::string& none :
       {std::string(), std::string("AMBER"), std::string("amber\nservice_desk"),
        std::string("SECRET\nservice_desk"), std::string("AMBER\n\nservice_desk"),
        std::string("AMBER\nservice_desk soon"), std::string("AMBER\nservice_desk "),
        std::string("AMBER\n 2026-12-01T00:00:00Z"), "AMBER\n" + std::string(65, 'a'),
        many + "\nanother"}) {
    CAPTURE(none);
    CHECK(refusal_of(none) == "handling-malformed");
  }
}

TEST_CASE("handling: its class, its readers and not before their times are allowed") {
  const UnixMillis early = at("2026-11-30T23:59:59Z");
  const UnixMillis first = at("2026-12-01T00:00:00Z");
  const UnixMillis second = at("2026-12-08T00:00:00Z");
  CHECK(allows("AMBER", {{"service_desk", early}}) == "allowed");
  CHECK(allows("AMBER", {{"service_desk", UnixMillis{0}}}) == "allowed");
  CHECK(allows("AMBER", {{"example-energy", first}, {"all_parties", second}}) == "allowed");
  CHECK(allows("AMBER", {{"another-party", second}}) == "allowed");  // As one of all.
  CHECK(allows("AMBER", {}) == "allowed");
  for (const std::string other : {"WHITE", "GREEN", "RED"}) {
    CHECK(allows(other, {{"service_desk", early}}) == "handling-exceeded");
  }
  CHECK(allows("AMBER", {{"example-energy", early}}) == "handling-exceeded");
  CHECK(allows("AMBER", {{"another-party", first}}) == "handling-exceeded");
  CHECK(allows("AMBER", {{"all_parties", first}}) == "handling-exceeded");
  CHECK(allows("AMBER", {{"service_desk", early}, {"all_parties", first}}) == "handling-exceeded");
  const auto for_all = Handling::parse("AMBER\nall_parties").value();
  CHECK_FALSE(for_all.check_allows("AMBER", std::array{OpeningReader{"service_desk", second}}));
}

TEST_CASE("handling: a decision carries it open or sealed, and an open one must be one") {
  CHECK(reading_of(std::nullopt) == "the same");
  CHECK(reading_of(Text(words)) == "the same");
  CHECK(reading_of(Text(seal_of(Bytes(32, 's'), words))) == "the same");
  CHECK_THAT(reading_of(Text("SECRET")), Catch::Contains("handling: must be a class"));
}

TEST_CASE("handling: an entry has that of the decision that it is, or was done on") {
  const Bytes salt(32, 's');
  const auto handling_of = [](const TestLog& log, std::uint64_t entry) {
    const auto found = find_handling(*log.view(), EntryIndex{entry});
    if (!found) FAIL(found.error().detail);
    return *found;
  };
  for (const Text& text : {Text(words), Text(seal_of(salt, words))}) {
    MemoryStore store;
    TestLog log(store);
    std::vector<Bytes> notes = story_notes();
    notes[4] = sign(decision_with(text), log_keys().panel);
    log.append(notes);
    for (const std::uint64_t entry : {0U, 1U, 9U}) CHECK_FALSE(handling_of(log, entry));
    for (const std::uint64_t entry : {4U, 5U, 6U, 7U, 8U}) {
      const auto found = handling_of(log, entry);
      REQUIRE(found);
      CHECK(found->decision == EntryIndex{4});
      CHECK(found->text == text);
    }
    CHECK_FALSE(find_handling(*log.view(), EntryIndex{10}));
    if (!text.seal) continue;
    log.append({sign(Disclosure{EntryIndex{4}, std::string(handling_field), salt, words},
                     log_keys().registrar)});
    const auto disclosed = handling_of(log, 8);
    REQUIRE(disclosed);
    CHECK(disclosed->text.words == words);
  }
  MemoryStore store;
  TestLog log(store);
  log.append(story_notes());
  for (std::uint64_t entry = 0; entry < 10; ++entry) CHECK_FALSE(handling_of(log, entry));
}

}  // namespace cpl::testing::handling_test
