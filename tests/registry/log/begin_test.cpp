// A log begins only when told: an empty folder is mostly a volume that is not mounted.
#include <catch2/catch.hpp>
#include <fstream>

#include "registry/upkeep/log_data.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::begin_test {

namespace fs = std::filesystem;

namespace {

class DataFolder {
 public:
  fs::path path() const { return folder_.path() / "data"; }

  Result<LogData> open(Begin begin) {
    return open_log_data(path(), begin, clock_, log_keys().log, log_origin);
  }
  // Its code, or nothing where it opened.
  std::string opened(Begin begin) {
    const auto data = open(begin);
    return data ? "" : data.error().code;
  }
  bool holds_nothing() const { return !fs::exists(path()) || fs::is_empty(path()); }

 private:
  TemporaryFolder folder_;
  TestClock clock_;
};

}  // namespace

TEST_CASE("log begin: where there is no log none begins unasked, and nothing is made") {
  DataFolder folder;
  CHECK(folder.opened(Begin::log_that_is_there) == "log-missing");
  CHECK(folder.holds_nothing());
  fs::create_directories(folder.path());
  CHECK(folder.opened(Begin::log_that_is_there) == "log-missing");
  CHECK(folder.holds_nothing());
  fs::create_directories(folder.path() / "store");
  CHECK(folder.opened(Begin::log_that_is_there) == "log-missing");
  CHECK(fs::is_empty(folder.path() / "store"));
}

TEST_CASE("log begin: a log that was begun is there, with no entry in it too") {
  DataFolder folder;
  fs::create_directories(folder.path());
  CHECK(folder.opened(Begin::new_log).empty());
  CHECK(folder.opened(Begin::new_log) == "log-exists");
  CHECK(folder.opened(Begin::log_that_is_there).empty());
}

TEST_CASE("log begin: a backup that was not restored says to restore it") {
  DataFolder folder;
  fs::create_directories(folder.path());
  std::ofstream(folder.path() / "backup.json") << "{}";
  for (const Begin begin : {Begin::new_log, Begin::log_that_is_there}) {
    const auto data = folder.open(begin);
    REQUIRE_FALSE(data);
    CHECK(data.error().code == "backup-not-restored");
    CHECK_THAT(data.error().detail, Catch::Contains("cpl restore " + folder.path().string()));
  }
}

TEST_CASE("log begin: whatever is left of a log, no other begins over it") {
  DataFolder folder;
  fs::create_directories(folder.path());
  {
    const auto data = folder.open(Begin::new_log);
    REQUIRE(data);
    REQUIRE(data->log->append({open_note(charter_note(), nullptr)})[0]);
  }
  SECTION("all of it") {}
  SECTION("no size on record") { fs::remove(folder.path() / "signed-size"); }
  SECTION("an empty record") { fs::resize_file(folder.path() / "signed-size", 0); }
  SECTION("a record that was cut") { fs::resize_file(folder.path() / "signed-size", 100); }
  SECTION("no database") { fs::remove_all(folder.path() / "store"); }
  SECTION("a database without its first file, and no record") {
    fs::remove(folder.path() / "store" / "CURRENT");
    fs::remove(folder.path() / "signed-size");
  }
  CHECK(folder.opened(Begin::new_log) == "log-exists");
  const auto data = folder.open(Begin::log_that_is_there);
  CHECK((data || data.error().code != "log-missing"));
}

TEST_CASE("log begin: a first start that was cut short can be made again") {
  DataFolder folder;
  fs::create_directories(folder.path());
  std::ofstream(folder.path() / "signed-size").close();
  CHECK(folder.opened(Begin::log_that_is_there) == "log-missing");
  CHECK(folder.opened(Begin::new_log).empty());
  fs::remove(folder.path() / "signed-size");  // Its database is there, and has no entry.
  CHECK(folder.opened(Begin::log_that_is_there) == "log-missing");
  CHECK(folder.opened(Begin::new_log).empty());
}

TEST_CASE("log begin: an empty log takes no other charter than the one it is set up for") {
  MemoryStore store;
  TestLog log(store);
  const SignedStatement charter = open_note(charter_note(), nullptr);
  log->pin_charter(sha256("another charter"));
  const auto refused = log->append({charter});
  REQUIRE_FALSE(refused[0]);
  CHECK(refused[0].error().code == "charter-mismatch");
  CHECK(refused[0].error().rule == 2);
  CHECK(log.view()->size().value == 0);
  log->pin_charter(charter.id);
  CHECK(log.append({charter_note()}) == EntryIndex{0});
  CHECK(log.append({addition_note(1)}) == EntryIndex{1});
}

}  // namespace cpl::testing::begin_test
