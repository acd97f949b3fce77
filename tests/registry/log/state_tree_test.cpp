// The stored state tree against the one in memory and against its definition, at every size.
#include "registry/log/state_tree.hpp"

#include <random>

#include "registry/list/memory_state_tree.hpp"
#include "registry/list/state_record.hpp"
#include "tests/support/aborts.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/reference_tree.hpp"

namespace cpl::testing::state_tree_test {
namespace {

ModelRecord record_of(std::uint64_t number, std::uint64_t changed_at) {
  ModelRecord record;
  record.model = small_model(number);
  record.changed_at = EntryIndex{changed_at};
  record.effective_from = start_time;
  return record;
}

// The stored tree and its history: one root after each change.
struct Grown {
  MemoryStore store;
  std::vector<Hash> roots;
  std::vector<std::map<std::uint64_t, Hash>> values;  // By model's number, after each change.
};

// Counts how often each key is read, and finds what was put later, too.
struct CountingView final : StoreView {
  explicit CountingView(std::shared_ptr<const StoreView> view) : before(std::move(view)) {}
  Result<std::optional<Bytes>> get(BytesView key) const override {
    ++reads[Bytes(key)];
    const auto found = later.find(Bytes(key));
    if (found != later.end()) return std::optional(found->second);
    return before->get(key);
  }
  Result<std::vector<KeyValue>> scan(BytesView from, BytesView to,
                                     std::size_t count_max) const override {
    return before->scan(from, to, count_max);
  }

  std::shared_ptr<const StoreView> before;
  mutable std::map<Bytes, std::size_t> reads;
  mutable std::map<Bytes, Bytes> later;
};

// `batch_size` changes to a commit; few cached nodes, so that they must be read back.
void grow(Grown& grown, std::size_t changes, std::size_t batch_size, std::size_t cached_max) {
  std::mt19937 random(7);
  MemoryStateTree twin;
  std::map<std::uint64_t, Hash> values;
  WriteBatch batch;
  auto view = grown.store.snapshot();
  auto opened = StateTreeWriter::open(*view, Hash{}, cached_max);
  REQUIRE(opened);
  StateTreeWriter writer = *std::move(opened);
  for (std::uint64_t at = 0; at < changes; ++at) {
    const std::uint64_t number = random() % (changes / 2);
    const ModelRecord record = record_of(number, at);
    REQUIRE(writer.set(*view, record, EntryIndex{at}, batch));
    values[number] = state_value(state_record(record));
    REQUIRE(writer.root() == twin.set(state_key(small_id(number)), values[number]));
    grown.roots.push_back(writer.root());
    grown.values.push_back(values);
    if (batch.puts.size() > 0 && (at + 1) % batch_size == 0) {
      REQUIRE(grown.store.commit(std::exchange(batch, {}), Durability::synced));
      writer.committed();
      view = grown.store.snapshot();
    }
  }
  REQUIRE(grown.store.commit(batch, Durability::synced));
}

}  // namespace

TEST_CASE("state tree: the stored tree has the roots of the tree in memory, however it is cached") {
  Grown much_cached;
  grow(much_cached, 200, 7, 1U << 16U);
  Grown never_cached;
  grow(never_cached, 200, 7, 0);
  Grown one_by_one;
  grow(one_by_one, 200, 1, 10);
  CHECK(much_cached.roots == never_cached.roots);
  CHECK(much_cached.roots == one_by_one.roots);
}

TEST_CASE("state tree: its root is that of the definition, at every size (I7)") {
  Grown grown;
  grow(grown, 100, 5, 20);
  for (std::size_t i = 0; i < grown.roots.size(); ++i) {
    reference::KeyValues set;
    for (const auto& [number, value] : grown.values[i]) {
      set.emplace_back(state_key(small_id(number)), value);
    }
    REQUIRE(grown.roots[i] == reference::prefix_root(set));
  }
}

TEST_CASE("state tree: every state, past or present, and every absence is proven") {
  Grown grown;
  grow(grown, 60, 4, 0);
  const auto view = grown.store.snapshot();
  for (std::size_t i = 0; i < grown.roots.size(); ++i) {
    for (std::uint64_t number = 0; number < 32; ++number) {
      const ModelId id = small_id(number);
      const auto proof = prove_state(*view, grown.roots[i], id, TreeSize{i + 1});
      REQUIRE(proof);
      const auto found = grown.values[i].find(number);
      if (found == grown.values[i].end()) {
        REQUIRE(verify_absent(grown.roots[i], state_key(id), *proof));
      } else {
        REQUIRE(verify_present(grown.roots[i], state_key(id), found->second, *proof));
        REQUIRE_FALSE(verify_absent(grown.roots[i], state_key(id), *proof));
      }
    }
  }
}

TEST_CASE("state tree: the empty tree proves that a model is absent") {
  const MemoryStore store;
  const auto proof = prove_state(*store.snapshot(), Hash{}, small_id(1), TreeSize{1});
  REQUIRE(proof);
  CHECK(verify_absent(Hash{}, state_key(small_id(1)), *proof));
}

TEST_CASE("state tree: a branch that is missing or malformed is told as corrupt") {
  Grown grown;
  grow(grown, 20, 20, 0);
  const MemoryStore empty;
  const auto missing =
      prove_state(*empty.snapshot(), grown.roots.back(), small_id(1), TreeSize{20});
  REQUIRE(missing.has_error());
  CHECK(missing.error().errc == Errc::corrupt);
  const auto branches = grown.store.snapshot()->scan("n", "o", 10'000);
  REQUIRE(branches);
  REQUIRE(branches->size() == 20);
  const auto spoil = [&](const std::function<Bytes(Bytes)>& change) {
    WriteBatch spoilt;
    for (const KeyValue& branch : *branches) spoilt.put(branch.key, change(branch.value));
    REQUIRE(grown.store.commit(spoilt, Durability::synced));
    const auto view = grown.store.snapshot();
    const auto proof = prove_state(*view, grown.roots.back(), small_id(1), TreeSize{20});
    CHECK((proof.has_error() && proof.error().errc == Errc::corrupt));
    const auto opened = StateTreeWriter::open(*view, grown.roots.back());
    CHECK((opened.has_error() && opened.error().errc == Errc::corrupt));
  };
  spoil([](const Bytes& value) { return value.substr(1); });
  spoil([](const Bytes& value) { return value + '\0'; });
  spoil([](const Bytes&) { return Bytes(); });
  spoil([](Bytes value) {  // Well formed, of another value.
    value[40] = static_cast<char>(value[40] ^ 1);
    return value;
  });
  spoil([](Bytes value) {  // Deeper than any key has bits.
    value[64] = '\x02';
    return value;
  });
}

TEST_CASE("state tree: a branch deeper than a key has bits is refused, though all of it is there") {
  Grown grown;
  grow(grown, 2, 1, 0);
  const Hash root = grown.roots.front();  // Of one key: its branch has no siblings.
  const auto branches = grown.store.snapshot()->scan("n", "o", 10);
  REQUIRE(branches);
  const auto fault_at = [&](std::uint16_t depth) {
    Bytes value = branches->back().value.substr(0, 64);
    append_u16(value, depth);
    value.append((depth + 7U) / 8, '\0');  // All siblings are empty.
    MemoryStore store;
    WriteBatch batch;
    batch.put(branches->back().key, value);
    REQUIRE(store.commit(batch, Durability::synced));
    const auto opened = StateTreeWriter::open(*store.snapshot(), root);
    return opened ? "" : opened.error().detail;
  };
  CHECK(fault_at(0) == "");
  CHECK_THAT(fault_at(prefix_depth_max), Catch::Contains("does not have the stored root"));
  CHECK_THAT(fault_at(prefix_depth_max + 1), Catch::Contains("the wrong form"));
  CHECK_THAT(fault_at(UINT16_MAX), Catch::Contains("the wrong form"));
}

TEST_CASE("state tree: a change stores one branch, and goes on where the store ended") {
  Grown grown;
  grow(grown, 40, 40, 0);
  const auto view = grown.store.snapshot();
  const auto branches = view->scan("n", "o", 10'000);
  REQUIRE(branches);
  CHECK(branches->size() == 40);
  auto opened = StateTreeWriter::open(*view, grown.roots.back());
  REQUIRE(opened);
  WriteBatch batch;
  REQUIRE(opened->set(*view, record_of(3, 40), EntryIndex{40}, batch));
  CHECK(batch.puts.size() == 1);
  auto values = grown.values.back();
  values[3] = state_value(state_record(record_of(3, 40)));
  reference::KeyValues set;
  for (const auto& [number, value] : values) set.emplace_back(state_key(small_id(number)), value);
  CHECK(opened->root() == reference::prefix_root(set));
  CHECK_FALSE(StateTreeWriter::open(*view, grown.roots.front()));
}

TEST_CASE("state tree: a branch that is cut short, wherever, is refused for its form") {
  Grown grown;
  grow(grown, 20, 20, 0);
  const auto branches = grown.store.snapshot()->scan("n", "o", 1);  // The newest.
  REQUIRE(branches);
  const Bytes whole = branches->front().value;
  const auto fault_of = [&](const Bytes& value) {
    MemoryStore store;
    WriteBatch batch;
    batch.put(branches->front().key, value);
    REQUIRE(store.commit(batch, Durability::synced));
    const auto opened = StateTreeWriter::open(*store.snapshot(), grown.roots.back());
    return opened ? "" : opened.error().detail;
  };
  REQUIRE(fault_of(whole) == "");
  REQUIRE(whole.size() > 66 + 40);  // It has siblings.
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THAT(fault_of(whole.substr(0, size)), Catch::Contains("the wrong form"));
  }
  // A key, and no siblings, but no value.
  CHECK_THAT(fault_of(whole.substr(0, 32) + Bytes(2, '\0')), Catch::Contains("the wrong form"));
}

TEST_CASE("state tree: no state is asked for of a log without entries") {
  const MemoryStore store;
  const auto view = store.snapshot();
  CHECK(aborts([&] { std::ignore = prove_state(*view, Hash{}, small_id(1), TreeSize{0}); }));
}

TEST_CASE("state tree: the branches that changes go by are read once, and the newest not at all") {
  const auto reads_of = [](std::uint64_t models, std::uint64_t changes, std::size_t cached_max) {
    Grown grown;
    grow(grown, 40, 40, 0);
    const CountingView view(grown.store.snapshot());
    auto opened = StateTreeWriter::open(view, grown.roots.back(), cached_max);
    REQUIRE(opened);
    StateTreeWriter writer = *std::move(opened);
    view.reads.clear();
    for (std::uint64_t at = 40; at < 40 + changes; ++at) {
      WriteBatch batch;
      REQUIRE(writer.set(view, record_of(at % models, at), EntryIndex{at}, batch));
      for (const KeyValue& put : batch.puts) view.later[put.key] = put.value;
      writer.committed();
    }
    return view.reads;
  };
  std::size_t with_room = 0;
  for (const auto& [key, times] : reads_of(20, 200, 1000)) {
    CHECK(times == 1);
    ++with_room;
  }
  CHECK(with_room > 0);
  // Where there is little room the newest are kept, so that two models in turn need no more.
  CHECK(reads_of(2, 200, 10) == reads_of(2, 2, 10));
  // And what is kept is bounded: many models in turn are read again.
  std::size_t without_room = 0;
  for (const auto& [key, times] : reads_of(20, 200, 10)) without_room += times;
  CHECK(without_room > 10 * with_room);
}

}  // namespace cpl::testing::state_tree_test
