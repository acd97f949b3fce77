// Tiles and proofs of a log that is several tiles long, against hashes computed from its leaves.
#include "tests/registry/log/checker.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/reference_tree.hpp"

namespace cpl::testing::log_view_test {
namespace {

constexpr std::uint64_t log_size = 603;

// One log for all tests of this file: 603 entries in batches of many sizes, over both boundaries.
const LogView& long_log() {
  static MemoryStore store;
  static TestLog log(store);
  static const std::shared_ptr<const LogView> view = [] {
    log.append({charter_note()});
    std::uint64_t next = 1;
    for (std::uint64_t count = 1; next < log_size; count = count * 2 % 61 + 1) {
      std::vector<Bytes> batch;
      while (batch.size() < count && next < log_size) batch.push_back(addition_note(next++));
      log.append(batch);
    }
    return log.view();
  }();
  return *view;
}

const std::vector<Hash>& leaf_hashes() {
  static const std::vector<Hash> hashes = [] {
    std::vector<Hash> all;
    const auto leaves = long_log().leaves(EntryIndex{0}, log_size);
    REQUIRE(leaves);
    for (const Bytes& leaf : *leaves) all.push_back(merkle_leaf(leaf));
    return all;
  }();
  return hashes;
}

Bytes hashes_of(std::size_t first, std::size_t count) {
  Bytes octets;
  for (std::size_t i = first; i < first + count; ++i) octets += leaf_hashes()[i].view();
  return octets;
}

}  // namespace

TEST_CASE("log view: the long log verifies as a whole") {
  LogChecker().check(long_log());
  CHECK(long_log().size().value == log_size);
  CHECK(long_log().checkpoint().root == reference::mth(leaf_hashes()));
}

TEST_CASE("log view: full tiles hold the hashes of their entries") {
  CHECK(*long_log().tile({0, 0, 256, false}) == hashes_of(0, 256));
  CHECK(*long_log().tile({0, 1, 256, false}) == hashes_of(256, 256));
}

TEST_CASE("log view: each partial width up to the edge is served, by cutting") {
  for (unsigned width = 1; width <= log_size % 256; ++width) {
    REQUIRE(*long_log().tile({0, 2, width, false}) == hashes_of(512, width));
  }
  CHECK(*long_log().tile({0, 0, 17, false}) == hashes_of(0, 17));
  CHECK(*long_log().tile({0, 1, 255, false}) == hashes_of(256, 255));
}

TEST_CASE("log view: a tile of the next level holds the roots of full tiles only") {
  Bytes roots;
  for (std::size_t i = 0; i < 2; ++i) {
    roots += reference::mth(std::span(leaf_hashes()).subspan(i * 256, 256)).view();
  }
  CHECK(*long_log().tile({1, 0, 2, false}) == roots);
  CHECK(*long_log().tile({1, 0, 1, false}) == roots.substr(0, 32));
  CHECK(long_log().tile({1, 0, 3, false}).error().errc == Errc::not_found);
}

TEST_CASE("log view: what is beyond the checkpoint is not found, in every direction (I9)") {
  const std::vector<TileId> beyond = {
      {0, 2, 92, false},          {0, 2, 256, false},       {0, 3, 1, false}, {1, 1, 1, false},
      {2, 0, 1, false},           {7, 0, 1, false},         {8, 0, 1, false}, {63, 0, 1, false},
      {0, 2, 92, true},           {0, 2, 256, true},        {0, 3, 1, true},  {0, 0, 0, false},
      {0, 1ULL << 56U, 1, false}, {0, INT64_MAX, 256, true}};
  for (const TileId& tile : beyond) {
    INFO(tile_path(tile));
    const auto found = long_log().tile(tile);
    REQUIRE(found.has_error());
    CHECK(found.error().errc == Errc::not_found);
  }
  CHECK(long_log().leaf(EntryIndex{log_size}).error().errc == Errc::not_found);
  CHECK(long_log().leaves(EntryIndex{log_size}, 10)->empty());
  CHECK(long_log().leaves(EntryIndex{log_size - 1}, 10)->size() == 1);
  CHECK(long_log().leaves(EntryIndex{UINT64_MAX}, 10)->empty());
}

TEST_CASE("log view: bundles hold the entries under their tile, at any width") {
  for (const auto& [index, width] : std::vector<std::pair<std::uint64_t, unsigned>>{
           {0, 256}, {1, 256}, {2, 91}, {2, 1}, {0, 3}}) {
    const auto bundle = long_log().tile({0, index, width, true});
    REQUIRE(bundle);
    const auto leaves = split_bundle(*bundle, width);
    REQUIRE(leaves);
    CHECK(*leaves == *long_log().leaves(EntryIndex{index * 256}, width));
    std::size_t octets = 0;
    for (const Bytes& leaf : *leaves) octets += 2 + leaf.size();
    CHECK(bundle->size() == octets);
  }
}

TEST_CASE("log view: inclusion proofs are those of RFC 6962 at tile boundaries") {
  for (const std::uint64_t index : {0U, 1U, 255U, 256U, 511U, 512U, 602U}) {
    const auto proof = long_log().inclusion(EntryIndex{index});
    REQUIRE(proof);
    CHECK(*proof == reference::path(index, leaf_hashes()));
  }
}

TEST_CASE("log view: consistency proofs are those of RFC 6962 at tile boundaries (I4)") {
  for (const std::uint64_t older : {1U, 2U, 255U, 256U, 257U, 512U, 602U, 603U}) {
    const auto proof = long_log().consistency(TreeSize{older});
    REQUIRE(proof);
    CHECK(*proof == reference::subproof(older, leaf_hashes(), true));
  }
}

}  // namespace cpl::testing::log_view_test
