// Backups of a log that goes on, and what is brought back from them: all that was ever signed, or
// nothing.
#include "registry/upkeep/backup.hpp"

#include <fstream>

#include "registry/store/rocks_store.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::backup_test {
namespace {

namespace fs = std::filesystem;

FetchResource fetch_from(const std::shared_ptr<const LogView>& view) {
  return [view](const std::string& path) -> Result<Bytes> {
    const auto tile = parse_tile_path(path);
    check(tile.has_value());
    return view->tile(*tile);
  };
}

// A log on a real database, backed up in the middle of its story.
struct BackedUpLog {
  BackedUpLog() {
    fs::create_directories(folder.path() / "data");
    store = *RocksStore::open({folder.path() / "data" / "store"});
    log.emplace(*store);
    const auto notes = story_notes();
    log->append({notes.begin(), notes.begin() + 6});
    std::ofstream(folder.path() / "data" / "signed-size") << "not for the backup";
    for (const char* kept : {"extracts", "openings", "salvaged"}) {
      fs::create_directories(folder.path() / "data" / kept);
      std::ofstream(folder.path() / "data" / kept / "4.json") << "{}";
    }
    const auto made = make_backup(*store, *log->view(), folder.path() / "data", backup, start_time);
    INFO((made ? "" : made.error().detail));
    REQUIRE(made);
    CHECK(made->size == TreeSize{6});
    log->append({notes.begin() + 6, notes.end()});
  }

  Result<Backup> restore(const Checkpoint& newest, FetchResource fetch) const {
    return restore_backup(backup, restored, {newest, std::move(fetch), 2, {}});
  }

  TemporaryFolder folder;
  fs::path backup = folder.path() / "backup";
  fs::path restored = folder.path() / "restored";
  std::unique_ptr<Store> store;
  std::optional<TestLog> log;
};

}  // namespace

TEST_CASE("backup: restored with a mirror it has every entry, and may sign where it left off") {
  BackedUpLog story;
  CHECK_FALSE(fs::exists(story.backup / "signed-size"));
  const Checkpoint newest = story.log->view()->checkpoint();
  const auto restored = story.restore(newest, fetch_from(story.log->view()));
  INFO((restored ? "" : restored.error().detail));
  REQUIRE(restored);
  CHECK(fs::exists(story.restored / "extracts" / "4.json"));
  for (const char* never : {"openings", "salvaged"}) {
    CHECK_FALSE(fs::exists(story.backup / never));  // A text that is destroyed must stay so.
    CHECK_FALSE(fs::exists(story.restored / never));
  }
  CHECK_FALSE(fs::exists(story.restored / "backup.json"));

  const auto store = RocksStore::open({story.restored / "store", IfMissing::fail});
  REQUIRE(store);
  const auto record = open_signed_size_file(story.restored / "signed-size", log_origin);
  REQUIRE(record);
  TestClock clock;
  clock.advance(1'000'000);
  const auto log = Log::open(**store, **record, clock, log_keys().log, log_origin);
  REQUIRE(log);
  CHECK((*log)->read_only_reason().empty());
  CHECK((*log)->view()->checkpoint().root == newest.root);
  CHECK((*log)->view()->size() == TreeSize{10});
  // Octet for octet the same store, but for what a replay does not make.
  const auto before = *story.store->snapshot()->scan("", "~", 100'000);
  CHECK(*(*store)->snapshot()->scan("", "~", 100'000) == before);
}

TEST_CASE(
    "backup: inside the data that it is of it is refused, and one that fails leaves nothing") {
  BackedUpLog story;
  const fs::path data = story.folder.path() / "data";
  const auto make = [&](const fs::path& into) {
    const auto made = make_backup(*story.store, *story.log->view(), data, into, start_time);
    return made ? std::string("made") : made.error().code;
  };
  CHECK(make(data / "backups" / "1") == "backup-inside-data");
  CHECK(make(data / "extracts" / ".." / "backups") == "backup-inside-data");
  CHECK_FALSE(fs::exists(data / "backups"));
  CHECK(make(story.backup) == "folder-in-use");
  // A file that is in the way of one that must be copied.
  fs::create_symlink(data / "nowhere", data / "extracts" / "link");
  CHECK(make(story.folder.path() / "second") == "backup-failed");
  CHECK_FALSE(fs::exists(story.folder.path() / "second"));
  fs::remove_all(data / "extracts" / "link");
  CHECK(make(story.folder.path() / "second") == "made");
}

TEST_CASE("backup: one that was not finished is none") {
  BackedUpLog story;
  fs::remove(story.backup / "backup.json");
  const auto restored = story.restore(story.log->view()->checkpoint(), {});
  REQUIRE_FALSE(restored);
  CHECK(restored.error().code == "backup-not-found");
}

TEST_CASE("backup: behind the newest checkpoint and without a mirror it is not restored") {
  BackedUpLog story;
  const auto restored = story.restore(story.log->view()->checkpoint(), {});
  REQUIRE_FALSE(restored);
  CHECK(restored.error().code == "backup-behind");
  CHECK_FALSE(fs::exists(story.restored));
}

TEST_CASE("backup: a checkpoint of the backup's own size needs no mirror") {
  BackedUpLog story;
  Checkpoint then = story.log->view()->checkpoint();
  const auto view = story.log->view();
  const TileNodes nodes(view->size(), [&](const TileId& id) { return view->tile(id); });
  then.size = TreeSize{6};
  then.root = *merkle_root(nodes, then.size);
  CHECK(story.restore(then, {}));
  // Once there, it is not written over.
  CHECK(story.restore(then, {}).error().code == "folder-in-use");
}

TEST_CASE("backup: of another history or another log it is not restored") {
  BackedUpLog story;
  Checkpoint newest = story.log->view()->checkpoint();
  newest.root = sha256("another history");
  CHECK(story.restore(newest, fetch_from(story.log->view())).error().code == "history-differs");
  newest.origin = "other.example/cpl";
  CHECK(story.restore(newest, {}).error().code == "origin-mismatch");
  CHECK_FALSE(fs::exists(story.restored));
  CHECK(restore_backup(story.folder.path() / "nowhere", story.restored, {}).error().code ==
        "backup-not-found");
}

TEST_CASE("backup: a mirror that alters an entry is found out, and nothing is restored") {
  BackedUpLog story;
  const auto honest = fetch_from(story.log->view());
  const auto altered = [&](const std::string& path) -> Result<Bytes> {
    Bytes octets = TRY(honest(path));
    octets[octets.size() - 10] ^= 1;  // In the signature of the last entry.
    return octets;
  };
  const auto restored = story.restore(story.log->view()->checkpoint(), altered);
  REQUIRE_FALSE(restored);
  CHECK_THAT(restored.error().detail, Catch::Contains("entry 9"));
  CHECK_FALSE(fs::exists(story.restored));
}

}  // namespace cpl::testing::backup_test
