// Files of a real database that are missing, cut short or altered: the log never signs over them,
// what can be read is served, the file is named, and nothing of what was found is written to.
#include <future>

#include "registry/log/log_keys.hpp"
#include "registry/log/publication.hpp"
#include "registry/store/keyspace.hpp"
#include "registry/upkeep/fsck.hpp"
#include "registry/upkeep/scrub.hpp"
#include "tests/registry/upkeep/damage_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::damage_test {
namespace {

// Serves what is left, of `size` entries, and says what is wrong; nothing is signed or written.
LogData served(StoredStory& story, const std::string& reason, std::uint64_t size) {
  const auto before = story.octets();
  auto opened = story.open();
  INFO((opened ? "" : opened.error().detail));
  REQUIRE(opened);
  CHECK_THAT(opened->log->read_only_reason(), Catch::Contains(reason));
  CHECK_FALSE(opened->store->is_writable());
  const auto view = opened->log->view();
  CHECK(view->size() == TreeSize{size});
  CHECK(view->checkpoint_note().empty());
  const auto charter = std::make_shared<const CharterRecord>(CharterRecord{small_charter(), {}});
  const auto answers = opened->log->append({open_note(addition_note(9), charter)});
  CHECK(answers[0].error().errc == Errc::unavailable);
  CHECK_THAT(answers[0].error().detail, Catch::Contains(reason));
  CHECK(opened->store->commit({}, Durability::synced).error().errc == Errc::unavailable);
  CHECK(story.octets() == before);
  return *std::move(opened);
}

std::streamoff octet_in(const fs::path& file, const Bytes& value) {
  const auto at = read(file).find(value);
  REQUIRE(at != Bytes::npos);
  return static_cast<std::streamoff>(at);
}

}  // namespace

TEST_CASE("damage: a sound folder is opened for writing, as often as one likes") {
  StoredStory story;
  CHECK(story.codes(Depth::contents).empty());
  for (int round = 0; round < 2; ++round) {
    const auto opened = story.open();
    INFO((opened ? "" : opened.error().detail));
    REQUIRE(opened);
    CHECK(opened->log->read_only_reason().empty());
    CHECK(opened->store->is_writable());
    CHECK(opened->log->view()->size() == TreeSize{10});
  }
}

TEST_CASE("damage: a table that is missing is named, and what it did not hold is served (I10)") {
  StoredStory story;
  const std::string name = name_of(story.first_table());
  fs::remove(story.first_table());
  const auto left = served(story, name + " is missing", 10);
  CHECK(left.log->refusal()->code == "store-damaged");
  const auto view = left.log->view();
  CHECK(view->list().model(small_id(1))->value().status == ModelStatus::removed);
  CHECK(view->entry(EntryIndex{9}));  // In the write-ahead log; tables are met in no fixed order.
  CHECK(view->entry(EntryIndex{1}).error().errc == Errc::unavailable);
  CHECK_THAT(left.log->read_only_reason(), Catch::Contains("cpl fsck"));
  CHECK(story.codes(Depth::presence) == "file-missing ");
  CHECK(story.codes(Depth::contents) == "file-missing ");
}

TEST_CASE("damage: a table that was cut short is named (I10)") {
  StoredStory story;
  const std::string name = name_of(story.first_table());
  cut(story.first_table(), 100);
  served(story, name + " has ", 10);
  CHECK(story.codes(Depth::contents) == "file-damaged ");
}

TEST_CASE("damage: without the write-ahead log it is behind what was signed, and says so (I10)") {
  StoredStory story;
  fs::remove(story.log_file());
  served(story, "write-ahead log (a file *.log) is missing", 8);
  CHECK(story.codes(Depth::presence) == "wal-missing ");
}

TEST_CASE("damage: with an octet changed amid the write-ahead log it ends before that (I10)") {
  StoredStory story;
  const std::string name = name_of(story.log_file());
  flip(story.log_file(), static_cast<std::streamoff>(fs::file_size(story.log_file()) / 4));
  served(story, "write-ahead log (" + name + ") is damaged", 8);
  CHECK(story.codes(Depth::presence) == "wal-damaged ");
}

TEST_CASE("damage: a write-ahead log that lost its end leaves a log that was rolled back (I10)") {
  StoredStory story;
  cut(story.log_file(), 30);
  const auto left = served(story, "the database holds 9 entries, but a checkpoint of size 10", 9);
  CHECK(left.log->refusal()->code == "read-only");
}

TEST_CASE("damage: a MANIFEST that lost its end does not make RocksDB delete what it lists (I10)") {
  StoredStory story;
  const fs::path before = story.data().parent_path() / "before";
  fs::copy(story.data(), before, fs::copy_options::recursive);
  story.extend();
  // All is as it was before but for the tables that were made since: they are in no MANIFEST.
  for (const auto& file : fs::directory_iterator(story.store())) {
    const fs::path there = before / "store" / file.path().filename();
    if (file.path().extension() == ".sst" && !fs::exists(there)) fs::copy(file, there);
  }
  fs::remove_all(story.data());
  fs::rename(before, story.data());
  const auto tables = story.octets();
  served(story, " holds entry 10", 10);
  CHECK(story.codes(Depth::presence) == "manifest-damaged ");
  CHECK(story.octets() == tables);
}

TEST_CASE("damage: a table that a crash left over, whose entries are elsewhere, is no damage") {
  StoredStory story;
  fs::copy(story.first_table(), story.store() / "999999.sst");
  fs::copy(story.first_table(), story.store() / "999998.sst");
  cut(story.store() / "999998.sst", 100);
  CHECK(story.codes(Depth::contents).empty());
  REQUIRE(story.open());
}

TEST_CASE("damage: without the list of its files, what they hold is served all the same (I10)") {
  StoredStory story;
  const std::string manifest = name_of(story.manifest());
  std::string reason;
  SECTION("no CURRENT") {
    fs::remove(story.store() / "CURRENT");
    reason = "CURRENT is missing: in a copy of the folder, one line \"" + manifest;
  }
  SECTION("no CURRENT and no MANIFEST") {
    fs::remove(story.store() / "CURRENT");
    fs::remove(story.manifest());
    reason = "CURRENT is missing, and so is every MANIFEST";
  }
  SECTION("no MANIFEST") {
    fs::remove(story.manifest());
    reason = manifest + " is missing, which CURRENT names";
  }
  SECTION("another CURRENT") {
    std::ofstream(story.store() / "CURRENT") << "x";
    reason = "CURRENT is damaged";
  }
  SECTION("another octet in the MANIFEST") {
    flip(story.manifest(), 30);
    reason = manifest + " is damaged";
  }
  for (int start = 0; start < 2; ++start) {  // A second one finds what the first one found.
    const auto left = served(story, reason, 10);
    for (std::uint64_t i = 0; i < 10; ++i) CHECK(left.log->view()->entry(EntryIndex{i}));
    CHECK_THAT(left.log->read_only_reason(), Catch::Contains("cpl restore"));
  }
  CHECK_FALSE(story.codes(Depth::presence).empty());
}

TEST_CASE("damage: what was salvaged goes away with the next start on sound data") {
  StoredStory story;
  const Bytes current = read(story.store() / "CURRENT");
  fs::remove(story.store() / "CURRENT");
  served(story, "CURRENT is missing", 10);
  CHECK(fs::exists(story.data() / "salvaged"));
  std::ofstream(story.store() / "CURRENT") << current;
  const auto opened = story.open();
  REQUIRE(opened);
  CHECK(opened->log->read_only_reason().empty());
  CHECK_FALSE(fs::exists(story.data() / "salvaged"));
}

TEST_CASE("damage: without the list and with a table damaged, the others are served (I10)") {
  StoredStory story;
  REQUIRE(story.open());  // All is in tables now, the head at the start of the last.
  fs::remove(story.store() / "CURRENT");
  flip(story.last_table(), 40);
  const auto left = served(story, "CURRENT is missing", 10);
  CHECK(left.log->view()->entry(EntryIndex{7}));
  // Nobody knows what the lost table said of them: they are not passed off as listed, or unknown.
  CHECK(left.log->view()->list().model(small_id(1)).error().errc == Errc::corrupt);
}

TEST_CASE("damage: where nothing can be read, the file and the step are named, and no more done") {
  StoredStory story;
  for (const fs::path& file :
       {story.store() / "CURRENT", story.first_table(), story.last_table(), story.log_file()}) {
    fs::remove(file);
  }
  const auto before = story.octets();
  const auto opened = story.open();
  REQUIRE_FALSE(opened);
  CHECK_THAT(opened.error().detail, Catch::Contains("CURRENT is missing"));
  CHECK_THAT(opened.error().detail, Catch::Contains("cpl restore"));
  CHECK(story.octets() == before);
}

TEST_CASE("damage: where the block with the head is altered, all the rest is served (I10)") {
  StoredStory story;
  REQUIRE(story.open());  // All is in tables now, the head at the start of the last.
  const std::string name = name_of(story.last_table());
  flip(story.last_table(), 40);
  const auto left = served(story, name + " is damaged", 10);
  CHECK(left.log->view()->entry(EntryIndex{0}));
  CHECK(left.log->view()->list().model(small_id(3)));
  CHECK(story.codes(Depth::contents) == "file-damaged ");
}

TEST_CASE("damage: a head with other contents is read around, and nothing signed (I10)") {
  StoredStory story;
  {
    const auto store = RocksStore::open({.path = story.store()});
    REQUIRE(store);
    WriteBatch batch;
    SECTION("no head") { batch.deletes.push_back(store_keys::head()); }
    SECTION("nonsense") { batch.put(store_keys::head(), "{}"); }
    REQUIRE((*store)->commit(batch, Durability::synced));
  }
  const auto left = story.open();
  INFO((left ? "" : left.error().detail));
  REQUIRE(left);
  CHECK_THAT(left->log->read_only_reason(), Catch::Contains("the stored head is "));
  CHECK(left->log->view()->checkpoint_note().empty());
  CHECK(left->log->view()->size() == TreeSize{10});
  for (std::uint64_t i = 0; i < 10; ++i) CHECK(left->log->view()->entry(EntryIndex{i}));
}

TEST_CASE(
    "damage: where the log's end is in a table that is missing, no older state passes for it") {
  StoredStory story;
  REQUIRE(story.open());  // All is in tables now.
  const std::string name = name_of(story.last_table());
  fs::remove(story.last_table());
  const auto left = served(story, name + " is missing", 10);
  CHECK(left.log->view()->entry(EntryIndex{7}));
  // It was removed in what is lost.
  CHECK(left.log->view()->list().model(small_id(1)).has_error());
}

TEST_CASE("damage: a block that only the service reads at its start is found before that (I10)") {
  for (const keyspace::KindFacts& facts : keyspace::kinds) {
    if (facts.from == keyspace::From::log || facts.read == keyspace::Read::when_asked) continue;
    DYNAMIC_SECTION("of " << facts.name) {
      StoredStory story;
      WriteBatch batch;
      for (int i = 0; i < 500; ++i) {
        batch.put(keyspace::first(facts.kind) + "row-" + std::to_string(i), Bytes(200, 'r'));
      }
      story.put_in_table(batch);
      flip(story.last_table(), octet_in(story.last_table(), Bytes(200, 'r')));
      served(story, name_of(story.last_table()) + " is damaged", 10);
    }
  }
}

TEST_CASE("damage: where the published checkpoint or the alarm is lost, all else is shown (I10)") {
  StoredStory story;
  const Bytes lost(5000, 'r');  // A block of its own.
  WriteBatch batch;
  SECTION("checkpoint") { batch.put(store_keys::published_checkpoint(), lost); }
  SECTION("alarm") { batch.put(store_keys::witness_alarm(), lost); }
  // What is sought before it is met here, and not in the lost block.
  batch.put(keyspace::first(keyspace::Kind::model_version) + "~", Bytes(5000, 'v'));
  story.put_in_table(batch);
  flip(story.last_table(), octet_in(story.last_table(), lost));
  const auto left = served(story, name_of(story.last_table()) + " is damaged", 10);
  const auto shown = Publication::open(*left.log, *left.store, log_keys().log.verifier());
  INFO((shown ? "" : shown.error().detail));
  REQUIRE(shown);
  CHECK((*shown)->view()->size() == TreeSize{10});
  CHECK((*shown)->view()->checkpoint_note().empty());
  CHECK((*shown)->view()->entry(EntryIndex{9}));
}

TEST_CASE("damage: a changed octet in a table is found by reading all of it, and named") {
  StoredStory story;
  const std::string name = name_of(story.first_table());
  flip(story.first_table(), 200);
  CHECK(story.codes(Depth::contents) == "file-damaged ");
  const auto store = RocksStore::open({.path = story.store()});  // Does not read it.
  REQUIRE(store);
  std::promise<std::vector<StoreFault>> told;
  Scrub scrub(**store, std::chrono::hours(1),
              [&](const std::vector<StoreFault>& faults) { told.set_value(faults); });
  scrub.start();
  auto faults = told.get_future();
  REQUIRE(faults.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  CHECK_THAT(faults.get().at(0).detail, Catch::Contains(name + " is damaged"));
  scrub.stop();
  CHECK(scrub.passes() == 0);
}

TEST_CASE("damage: the scrub goes on over sound data, and stops when told to") {
  StoredStory story;
  const auto opened = story.open();
  REQUIRE(opened);
  Scrub scrub(*opened->store, std::chrono::seconds(0), [](const auto&) { FAIL("it is sound"); });
  scrub.start();
  while (scrub.passes() < 3) std::this_thread::yield();
  scrub.stop();
}

TEST_CASE("damage: a signed-size record with other octets is read around, and nothing signed") {
  StoredStory story;
  for (const std::streamoff slot : {0, 512}) flip(story.data() / "signed-size", slot + 40);
  const auto opened = story.open();
  REQUIRE(opened);
  CHECK_THAT(opened->log->read_only_reason(), Catch::Contains("signed-size"));
  CHECK(opened->log->view()->checkpoint_note().empty());
  CHECK(opened->log->view()->size() == TreeSize{10});
}

TEST_CASE("damage: fsck goes on past a file that is missing, and names what was in it") {
  StoredStory story;
  fs::remove(story.first_table());
  const auto left = RocksStore::examine({.path = story.store()}, Depth::contents);
  REQUIRE(left.store);
  MemoryStore scratch;
  const auto report = fsck(*left.store->snapshot(), std::optional<SignedSize>(), scratch, {});
  REQUIRE(report);
  REQUIRE_FALSE(report->findings.empty());
  CHECK(report->findings[0].code == "entry-damaged");
  CHECK_THAT(report->findings[0].detail, Catch::Contains("entry 0 cannot be read"));
}

}  // namespace cpl::testing::damage_test
