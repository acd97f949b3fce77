// The frozen log: every key of a ten-entry log's store with the SHA-256 of its value, as the file
// tests/data/golden_log.txt has them. A difference means that stored or signed octets have changed:
// logs that exist could not be read, or not be verified, any more (I2, I7).
#include <fstream>
#include <iostream>

#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/source_tree.hpp"

namespace cpl::testing::golden_test {
namespace {

const std::string golden_path = test_data() + "/golden_log.txt";

// Keys are letters, numbers and hashes: what is printable stands as it is, the rest in hexadecimal.
std::string spell(BytesView key) {
  std::string text;
  for (const char c : key) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_';
    text += plain ? std::string(1, c) : "<" + to_hex(BytesView(&c, 1)) + ">";
  }
  return text;
}

std::string frozen_log() {
  MemoryStore store;
  TestLog log(store);
  const auto notes = story_notes();
  log.append({notes.begin(), notes.begin() + 4});
  log.append({notes.begin() + 4, notes.end()});
  std::string text = "checkpoint " + to_hex(sha256(log.view()->checkpoint_note())) + "\n";
  const auto all = store.snapshot()->scan("", "~", 10'000);
  REQUIRE(all);
  for (const KeyValue& pair : *all) {
    text += spell(pair.key) + " " + to_hex(sha256(pair.value)) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("golden: the store of a ten-entry log is what it was, to the octet") {
  const std::string now = frozen_log();
  std::ifstream file(golden_path, std::ios::binary);
  const std::string golden(std::istreambuf_iterator<char>(file), {});
  if (now != golden) {
    std::ofstream("golden_log.txt", std::ios::binary) << now;
    std::cout << "The stored octets have changed. If that is meant, and every existing log is "
                 "cared for, copy ./golden_log.txt, written just now in the current folder, to "
                 "tests/data/golden_log.txt and bring registry/FORMAT.md up to date.\n";
  }
  CHECK(now == golden);
}

}  // namespace cpl::testing::golden_test
