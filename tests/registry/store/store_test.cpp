// The contract of Store, run on each implementation; then what is RocksDB's own.
#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "registry/store/rocks_store.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::store_test {
namespace {

using namespace std::string_literals;

std::unique_ptr<Store> open_rocks(const std::filesystem::path& path) {
  auto opened = RocksStore::open({.path = path});
  if (!opened) FAIL(opened.error().detail);
  return *std::move(opened);
}

// Each store empty, in turn.
class StoreUnderTest {
 public:
  explicit StoreUnderTest(const std::string& name) {
    if (name == "memory") {
      store_ = std::make_unique<MemoryStore>();
    } else {
      store_ = open_rocks(folder_.path() / "db");
    }
  }
  Store* operator->() { return store_.get(); }

  void put(const Bytes& key, const Bytes& value) {
    WriteBatch batch;
    batch.put(key, value);
    REQUIRE(store_->commit(batch, Durability::synced));
  }
  void erase(const Bytes& key) {
    WriteBatch batch;
    batch.deletes.push_back(key);
    REQUIRE(store_->commit(batch, Durability::buffered));
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

std::optional<Bytes> get(const StoreView& view, BytesView key) {
  const auto value = view.get(key);
  REQUIRE(value);
  return *value;
}
std::vector<Bytes> keys(const StoreView& view, BytesView from, BytesView to,
                        std::size_t count_max = 1000) {
  const auto found = view.scan(from, to, count_max);
  REQUIRE(found);
  std::vector<Bytes> keys;
  for (const KeyValue& pair : *found) keys.push_back(pair.key);
  return keys;
}

const std::string all_ends = "\xFF\xFF\xFF\xFF";

// The same commits as the model's, then the same answers.
void compare_with_map(Store& store, unsigned seed) {
  std::mt19937 random(seed);
  std::map<Bytes, Bytes> model;
  for (int step = 0; step < 200; ++step) {
    WriteBatch batch;
    for (int i = 0; i < 3; ++i) {
      batch.put(std::string(1, static_cast<char>(random() % 40)), std::to_string(random()));
    }
    batch.deletes.emplace_back(1, static_cast<char>(random() % 40));
    REQUIRE(store.commit(batch, Durability::buffered));
    for (const KeyValue& put : batch.puts) model.insert_or_assign(put.key, put.value);
    for (const Bytes& key : batch.deletes) model.erase(key);
  }
  const auto found = store.snapshot()->scan("", all_ends, 1000);
  REQUIRE(found);
  REQUIRE(found->size() == model.size());
  CHECK(std::equal(found->begin(), found->end(), model.begin(), [](const auto& a, const auto& b) {
    return a.key == b.first && a.value == b.second;
  }));
}

}  // namespace

TEST_CASE("store: what was put is got, byte for byte, and nothing else is") {
  StoreUnderTest store(GENERATE("memory", "rocksdb"));
  const Bytes odd = "a\0b\n\xFF"s;
  store.put(odd, "\0\xFE"s);
  store.put("empty", "");
  const auto view = store->snapshot();
  CHECK(get(*view, odd) == "\0\xFE"s);
  CHECK(get(*view, "empty") == "");
  CHECK_FALSE(get(*view, "a"));
  CHECK_FALSE(get(*view, "a\0b\n"s));
}

TEST_CASE("store: a scan is in the order of octets, from its start up to, not with, its end") {
  StoreUnderTest store(GENERATE("memory", "rocksdb"));
  for (const Bytes& key : {"b"s, "a"s, "a\0"s, "\xFF"s, "a\x01"s, "\x80"s, "c"s}) {
    store.put(key, "");
  }
  const auto view = store->snapshot();
  CHECK(keys(*view, "", all_ends) ==
        std::vector{"a"s, "a\0"s, "a\x01"s, "b"s, "c"s, "\x80"s, "\xFF"s});
  CHECK(keys(*view, "a", "b") == std::vector{"a"s, "a\0"s, "a\x01"s});
  CHECK(keys(*view, "a\0"s, "c") == std::vector{"a\0"s, "a\x01"s, "b"s});
  CHECK(keys(*view, "b", "b").empty());
  CHECK(keys(*view, "c", "a").empty());
  CHECK(keys(*view, "d", "e").empty());
  CHECK(keys(*view, "", "").empty());
}

TEST_CASE("store: a scan brings at most as many as asked for, the first ones") {
  StoreUnderTest store(GENERATE("memory", "rocksdb"));
  for (const char* key : {"1", "2", "3"}) store.put(key, "");
  const auto view = store->snapshot();
  CHECK(keys(*view, "1", "9", 2) == std::vector{"1"s, "2"s});
  CHECK(keys(*view, "1", "9", 0).empty());
  CHECK(keys(*view, "1", "9", 3).size() == 3);
}

TEST_CASE("store: a snapshot sees nothing of what comes after it, and outlives the changes") {
  StoreUnderTest store(GENERATE("memory", "rocksdb"));
  store.put("kept", "old");
  store.put("gone", "old");
  const auto before = store->snapshot();
  store.put("kept", "new");
  store.put("fresh", "new");
  store.erase("gone");
  CHECK(get(*before, "kept") == "old");
  CHECK(get(*before, "gone") == "old");
  CHECK_FALSE(get(*before, "fresh"));
  CHECK(keys(*before, "a", "z") == std::vector{"gone"s, "kept"s});
  const auto after = store->snapshot();
  CHECK(get(*after, "kept") == "new");
  CHECK_FALSE(get(*after, "gone"));
  CHECK(keys(*after, "a", "z") == std::vector{"fresh"s, "kept"s});
}

TEST_CASE("store: in one batch the last put of a key counts, and a delete beats a put") {
  StoreUnderTest store(GENERATE("memory", "rocksdb"));
  WriteBatch batch;
  batch.put("twice", "1");
  batch.put("twice", "2");
  batch.put("put and deleted", "1");
  batch.deletes.push_back("put and deleted");
  batch.deletes.push_back("never there");
  REQUIRE(store->commit(batch, Durability::synced));
  const auto view = store->snapshot();
  CHECK(get(*view, "twice") == "2");
  CHECK_FALSE(get(*view, "put and deleted"));
  CHECK_FALSE(get(*view, "never there"));
}

TEST_CASE("store: a batch is seen whole or not at all") {
  StoreUnderTest store(GENERATE("memory", "rocksdb"));
  std::shared_ptr<const StoreView> seen;
  for (std::uint64_t i = 0; i < 50; ++i) {
    WriteBatch batch;
    for (const char* key : {"a", "b", "c"}) batch.put(key, std::to_string(i));
    REQUIRE(store->commit(batch, Durability::buffered));
    seen = store->snapshot();
    CHECK(get(*seen, "a") == std::to_string(i));
    CHECK(get(*seen, "b") == get(*seen, "a"));
    CHECK(get(*seen, "c") == get(*seen, "a"));
  }
}

TEST_CASE("store: an empty batch is a commit that changes nothing") {
  StoreUnderTest store(GENERATE("memory", "rocksdb"));
  REQUIRE(store->commit({}, Durability::synced));
  CHECK(keys(*store->snapshot(), "", all_ends).empty());
}

TEST_CASE("store: after any mix of puts and deletes it holds what a map would") {
  const unsigned seed = GENERATE(1U, 2U, 3U);
  INFO("seed " << seed);
  StoreUnderTest memory("memory");
  compare_with_map(*memory.operator->(), seed);
  StoreUnderTest rocks("rocksdb");
  compare_with_map(*rocks.operator->(), seed);
}

TEST_CASE("rocks store: what was committed is there after it was closed and opened") {
  const TemporaryFolder folder;
  {
    const auto store = open_rocks(folder.path() / "db");
    WriteBatch batch;
    batch.put("key", "value");
    REQUIRE(store->commit(batch, Durability::buffered));
  }
  const auto store = open_rocks(folder.path() / "db");
  CHECK(get(*store->snapshot(), "key") == "value");
}

TEST_CASE("rocks store: a snapshot may outlive the store") {
  const TemporaryFolder folder;
  auto store = open_rocks(folder.path() / "db");
  WriteBatch batch;
  batch.put("key", "value");
  REQUIRE(store->commit(batch, Durability::synced));
  const auto view = store->snapshot();
  store.reset();
  CHECK(get(*view, "key") == "value");
}

TEST_CASE("rocks store: a database that must be there is not made") {
  const TemporaryFolder folder;
  const auto opened =
      RocksStore::open({.path = folder.path() / "none", .if_missing = IfMissing::fail});
  REQUIRE(opened.has_error());
  CHECK(opened.error().errc == Errc::unavailable);
}

TEST_CASE("rocks store: two processes' worth of writers are refused") {
  const TemporaryFolder folder;
  const auto store = open_rocks(folder.path() / "db");
  CHECK(RocksStore::open({.path = folder.path() / "db"}).has_error());
}

namespace {

// Ten synced commits; the write-ahead log that holds them.
std::filesystem::path ten_commits(const std::filesystem::path& path) {
  const auto store = open_rocks(path);
  for (int i = 0; i < 10; ++i) {
    WriteBatch batch;
    batch.put("key" + std::to_string(i), std::string(100, 'v'));
    REQUIRE(store->commit(batch, Durability::synced));
  }
  for (const auto& file : std::filesystem::directory_iterator(path)) {
    if (file.path().extension() == ".log") return file.path();
  }
  FAIL("no write-ahead log");
  return {};
}

}  // namespace

TEST_CASE("rocks store: a damaged record amid the write-ahead log is refused, not skipped (I3)") {
  const TemporaryFolder folder;
  const auto wal = ten_commits(folder.path() / "db");
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(wal));
  {
    std::fstream file(wal, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(size * 8 / 10);
    file.put('!');
  }
  const auto opened = RocksStore::open({.path = folder.path() / "db"});
  REQUIRE(opened.has_error());
  CHECK(opened.error().errc == Errc::corrupt);
}

TEST_CASE("rocks store: a record that was torn off at the end costs itself and no other") {
  const TemporaryFolder folder;
  const auto wal = ten_commits(folder.path() / "db");
  std::filesystem::resize_file(wal, std::filesystem::file_size(wal) - 30);
  const auto store = open_rocks(folder.path() / "db");
  CHECK(keys(*store->snapshot(), "k", "l").size() == 9);
}

}  // namespace cpl::testing::store_test
