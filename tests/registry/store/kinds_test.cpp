// The table of kinds against what else states it: the paper that a stranger reads, and the rooms.
#include "registry/store/kinds.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "tests/support/source_tree.hpp"

namespace cpl::testing::kinds_test {
namespace {

std::string text_of(const std::string& file) {
  std::ifstream stream(source_tree() + "/" + file);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  REQUIRE_FALSE(text.empty());
  return text;
}

std::string store_section() {
  const std::string text = text_of("registry/FORMAT.md");
  const auto from = text.find("\n## Store\n");
  REQUIRE(from != std::string::npos);
  return text.substr(from, text.find("\n## ", from + 1) - from);
}

// The letters that stand in backticks in the text, each after `mark`.
std::set<char> letters_after(const std::string& text, const std::string& mark) {
  std::set<char> letters;
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    letters.insert(text.at(at + mark.size()));
  }
  return letters;
}

template <class Wanted>
std::set<char> letters_of(Wanted wanted) {
  std::set<char> letters;
  for (const keyspace::KindFacts& facts : keyspace::kinds) {
    if (wanted(facts)) letters.insert(static_cast<char>(facts.kind));
  }
  return letters;
}

}  // namespace

TEST_CASE("kinds: FORMAT.md lists each of them, and none besides") {
  CHECK(letters_after(store_section(), "\n| `") == letters_of([](const auto&) { return true; }));
}

TEST_CASE("kinds: FORMAT.md names those whose values never change") {
  const std::string section = store_section();
  const auto to = section.find(" never change.");
  REQUIRE(to != std::string::npos);
  const std::string sentence = section.substr(0, to);
  const auto from = sentence.rfind("The values of ");
  REQUIRE(from != std::string::npos);
  // Each letter in its backticks has an opening one after a blank.
  CHECK(letters_after(sentence.substr(from), " `") ==
        letters_of([](const auto& facts) { return facts.value == keyspace::Value::fixed; }));
}

TEST_CASE("kinds: each is of a room that there is") {
  const std::string rooms = text_of("tools/rooms.json");
  for (const keyspace::KindFacts& facts : keyspace::kinds) {
    INFO(facts.room);
    CHECK(rooms.find("\"" + std::string(facts.room) + "\": {") != std::string::npos);
  }
}

TEST_CASE("kinds: the facts of a key are those of its first octet") {
  CHECK(keyspace::facts_of("e1234567")->kind == keyspace::Kind::entry);
  CHECK(keyspace::facts_of("wc")->kind == keyspace::Kind::publication);
  CHECK(keyspace::facts_of("") == nullptr);
  CHECK(keyspace::facts_of("~") == nullptr);
}

}  // namespace cpl::testing::kinds_test
