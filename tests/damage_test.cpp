// Files of a real database that are missing, cut short or altered: the log never signs over them,
// what can be read is served, the file is named, and nothing of what was found is written to.
#include <fstream>
#include <future>

#include "registry/fsck.hpp"
#include "registry/log_data.hpp"
#include "registry/memory_store.hpp"
#include "registry/scrub.hpp"
#include "tests/log_fixture.hpp"
#include "tests/temporary_folder.hpp"

namespace cpl::testing {
namespace {

namespace fs = std::filesystem;

// Ten entries in a data folder that was opened three times, so that RocksDB has them in two tables,
// which opening makes of the write-ahead log, and in that log.
class StoredStory {
 public:
  StoredStory() {
    const auto notes = story_notes();
    append({notes.begin(), notes.begin() + 4});
    append({notes.begin() + 4, notes.begin() + 8});
    append({notes.begin() + 8, notes.end()});
    REQUIRE(files(".sst").size() == 2);
    REQUIRE(files(".log").size() == 1);
  }

  // Two more entries, which then are in a table.
  void extend() {
    append({addition_note(20), addition_note(21)});
    append({});
  }

  fs::path data() const { return folder_.path() / "data"; }
  fs::path store() const { return data() / "store"; }
  fs::path first_table() const { return files(".sst").front(); }
  fs::path last_table() const { return files(".sst").back(); }
  fs::path log_file() const { return files(".log").front(); }
  fs::path manifest() const { return files("MANIFEST-").front(); }

  Result<LogData> open() { return open_log_data(data(), clock_, log_keys().log, log_origin); }

  // All that holds data, by name; RocksDB's diary is not among it.
  std::map<std::string, Bytes> octets() const {
    std::map<std::string, Bytes> all;
    for (const auto& file : fs::recursive_directory_iterator(data())) {
      const std::string name = file.path().filename().string();
      if (!file.is_regular_file() || name.starts_with("LOG")) continue;
      std::ifstream stream(file.path(), std::ios::binary);
      all[name] = {std::istreambuf_iterator<char>(stream), {}};
    }
    return all;
  }

  std::string codes(Depth depth) const {
    std::string text;
    for (const StoreFault& fault : RocksStore::examine({.path = store()}, depth).faults) {
      text += fault.code + " ";
    }
    return text;
  }

 private:
  void append(const std::vector<Bytes>& notes) {
    clock_.advance(1000);
    fs::create_directories(data());
    const auto opened = open();
    REQUIRE(opened);
    for (const Bytes& note : notes) {
      const auto charter = opened->log->view()->charter();
      const auto answers = opened->log->append({open_note(note, charter)});
      INFO((answers[0] ? "" : answers[0].error().detail));
      REQUIRE(answers[0]);
    }
  }

  // In the order of their numbers.
  std::vector<fs::path> files(const std::string& kind) const {
    std::vector<fs::path> found;
    for (const auto& file : fs::directory_iterator(store())) {
      if (file.path().filename().string().find(kind) != std::string::npos) found.push_back(file);
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  TemporaryFolder folder_;
  TestClock clock_;
};

void flip(const fs::path& path, std::streamoff from_start) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(from_start);
  const char octet = static_cast<char>(file.get() ^ 1);
  file.seekp(from_start);
  file.put(octet);
  REQUIRE(file.good());
}

void cut(const fs::path& path, std::uintmax_t octets) {
  fs::resize_file(path, fs::file_size(path) - octets);
}

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

// Refuses to start, and says why; nothing is written.
void refused(StoredStory& story, const std::string& reason) {
  const auto before = story.octets();
  const auto opened = story.open();
  REQUIRE_FALSE(opened);
  CHECK_THAT(opened.error().detail, Catch::Contains(reason));
  CHECK_THAT(opened.error().detail, Catch::Contains("cpl restore"));
  CHECK(story.octets() == before);
}

std::string name_of(const fs::path& path) { return path.filename().string(); }

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

TEST_CASE("damage: where nothing can be read, the file and the step are named, and no more done") {
  StoredStory story;
  const std::string manifest = name_of(story.manifest());
  SECTION("no CURRENT") {
    fs::remove(story.store() / "CURRENT");
    refused(story, "CURRENT is missing");
    refused(story, manifest);  // A second start finds what the first one found.
  }
  SECTION("no CURRENT and no MANIFEST") {
    fs::remove(story.store() / "CURRENT");
    fs::remove(story.manifest());
    refused(story, "CURRENT is missing, and so is every MANIFEST");
  }
  SECTION("no MANIFEST") {
    fs::remove(story.manifest());
    refused(story, manifest + " is missing, which CURRENT names");
  }
  SECTION("another CURRENT") {
    std::ofstream(story.store() / "CURRENT") << "x";
    refused(story, "CURRENT is damaged");
  }
  SECTION("another octet where the log's end is written") {
    REQUIRE(story.open());  // All is in tables now, the end at the start of the last.
    flip(story.last_table(), 40);
    refused(story, name_of(story.last_table()) + " is damaged");
    CHECK(story.codes(Depth::contents) == "file-damaged ");
    return;
  }
  SECTION("another octet in the MANIFEST") {
    flip(story.manifest(), 30);
    refused(story, manifest);
  }
  CHECK_FALSE(story.codes(Depth::presence).empty());
}

TEST_CASE("damage: where the log's end is in a table that is missing, an older state is served") {
  StoredStory story;
  REQUIRE(story.open());  // All is in tables now.
  const std::string name = name_of(story.last_table());
  fs::remove(story.last_table());
  served(story, name + " is missing", 8);
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

}  // namespace cpl::testing
