#include "registry/tlog/entry.hpp"

#include "crypto/encoding.hpp"
#include "registry/statement/statement.hpp"
#include "tests/support/registry_fixture.hpp"

namespace cpl::testing::entry_test {
namespace {

const Bytes golden =
    "cpl/entry/v1\n"
    "7\n"
    "2026-07-09T12:00:00.123Z\n"
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    "\n"
    "a statement\n"
    "\n"
    "with an empty line\n";

Entry golden_entry() {
  return {EntryIndex{7}, UnixMillis{at("2026-07-09T12:00:00Z").value + 123}, sha256(""),
          "a statement\n\nwith an empty line\n"};
}

bool reads(const Bytes& leaf) {
  const auto entry = parse_entry(leaf);
  if (!entry) CHECK(told(entry.error()) == "entry-malformed, rule 0, invalid");
  return entry.has_value();
}

}  // namespace

TEST_CASE("entry: the leaf is these octets") {
  CHECK(format_entry(golden_entry()) == golden);
  const auto read = parse_entry(golden);
  REQUIRE(read.has_value());
  CHECK(read->index == EntryIndex{7});
  CHECK(read->time == golden_entry().time);
  CHECK(read->state_root == sha256(""));
  CHECK(read->statement == golden_entry().statement);
}

TEST_CASE("entry: a statement goes in and comes out to the octet") {
  const Statement statement{test_origin, at("2026-07-09T12:00:00Z"), addition_of()};
  const Bytes note = format_note(sign(statement, first(2, people().registrar)));
  const auto read = parse_entry(format_entry({EntryIndex{0}, UnixMillis{0}, Hash{}, note}));
  REQUIRE(read.has_value());
  CHECK(read->statement == note);
}

TEST_CASE("entry: what does not read as one is refused") {
  const auto changed = [](const std::string& from, const std::string& to) {
    Bytes leaf = golden;
    leaf.replace(leaf.find(from), from.size(), to);
    return leaf;
  };
  REQUIRE(reads(golden));
  CHECK_FALSE(reads(""));
  CHECK_FALSE(reads("cpl/entry/v1\n"));
  CHECK_FALSE(reads(changed("v1", "v2")));
  CHECK_FALSE(reads(changed("v1\n", "v1\r\n")));
  CHECK_FALSE(reads(changed("\n7\n", "\n07\n")));
  CHECK_FALSE(reads(changed("\n7\n", "\n-7\n")));
  CHECK_FALSE(reads(changed("\n7\n", "\n9223372036854775808\n")));
  CHECK_FALSE(reads(changed(".123Z", "Z")));
  CHECK_FALSE(reads(changed(".123Z", ".123")));
  CHECK_FALSE(reads(changed("uFU=", "uFV=")));
  CHECK_FALSE(reads(changed("uFU=", "uF==")));
  CHECK_FALSE(reads(changed("uFU=\n\n", "uFU=\n")));
  CHECK_FALSE(reads(golden.substr(0, golden.find("\n\na st") + 1)));
}

TEST_CASE("entry: every cut through its heading is refused") {
  for (std::size_t size = 0; size < golden.find("a statement"); ++size) {
    CHECK_FALSE(reads(golden.substr(0, size)));
  }
}

TEST_CASE("entry: a leaf has at most 65,535 octets, and the largest statement fits in") {
  const Bytes heading = golden.substr(0, golden.find("a statement"));
  CHECK(reads(heading + Bytes(entry_size_max - heading.size(), 'x')));
  CHECK_FALSE(reads(heading + Bytes(entry_size_max - heading.size() + 1, 'x')));
  const Entry largest{EntryIndex{INT64_MAX}, at("9999-12-31T23:59:59Z"), Hash{},
                      Bytes(statement_size_max, 'x')};
  CHECK(reads(format_entry(largest)));
}

}  // namespace cpl::testing::entry_test
