// The check of a store: each single value that is altered, missing or too much is named, and a
// sound store is left in peace.
#include "registry/upkeep/fsck.hpp"

#include <fstream>

#include "registry/log/log_keys.hpp"
#include "registry/store/keyspace.hpp"
#include "registry/store/rocks_store.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::fsck_test {
namespace {

Bytes sealed_decision_note() {
  Decision decision{the_meeting.body,
                    *Date::parse("2026-05-20"),
                    the_meeting,
                    {4, 3},
                    {},
                    Verb::agreed,
                    Text(seal_of(Bytes(32, 's'), "Hidden.")),
                    {}};
  return sign(decision, log_keys().panel);
}

// One that stands in every index.
DeviceModel indexed_model() {
  DeviceModel model = small_model(4);
  const Date issued = *Date::parse("2024-01-01");
  model.cpl_entry_id = "Entry 4";
  model.image_hash = sha256("image");
  model.cpa = {"CPA-1",
               {},
               {},
               issued,
               CpaCertificate::Kind::dated,
               *Date::parse("2027-01-01"),
               CertificateMatch::exact};
  model.predecessors = {small_id(3)};
  return model;
}

std::vector<KeyValue> story_values() {
  MemoryStore store;
  TestLog log(store);
  for (const Bytes& note : story_notes()) log.append({note});
  log.append({sealed_decision_note()});
  log.append({sign(Addition{indexed_model(), start_time}, log_keys().registrar)});
  const auto all = store.snapshot()->scan("", "~", 100'000);
  REQUIRE(all);
  return *all;
}

SignedSize recorded_for(const std::vector<KeyValue>& values) {
  MemoryStore store;
  WriteBatch batch;
  batch.puts = values;
  REQUIRE(store.commit(batch, Durability::synced));
  TestClock clock;
  MemorySignedSize record;
  record.recorded = SignedSize{TreeSize{0}, merkle_empty_root()};
  const auto log = Log::open(store, record, clock, log_keys().log, log_origin);
  REQUIRE(log);
  return *record.recorded;
}

FsckReport checked(const std::vector<KeyValue>& values, const std::optional<SignedSize>& recorded) {
  MemoryStore store;
  MemoryStore scratch;
  WriteBatch batch;
  batch.puts = values;
  REQUIRE(store.commit(batch, Durability::synced));
  const auto report = fsck(*store.snapshot(), recorded, scratch, {});
  INFO((report ? "" : report.error().detail));
  REQUIRE(report);
  return *report;
}

}  // namespace

TEST_CASE("fsck: a sound store has no findings, and all of it was looked at") {
  const auto values = story_values();
  const FsckReport report = checked(values, recorded_for(values));
  for (const FsckFinding& finding : report.findings) UNSCOPED_INFO(finding.detail);
  CHECK(report.findings.empty());
  CHECK(report.entries == 12);
  CHECK(report.values == values.size());
  CHECK(report.origin == log_origin);
}

TEST_CASE("fsck: every value with a flipped bit is found, and so is every missing one") {
  const auto values = story_values();
  const auto recorded = recorded_for(values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].key == store_keys::head()) continue;
    CAPTURE(i, to_hex(values[i].key));
    auto altered = values;
    if (altered[i].value.empty()) {
      altered[i].value = "x";
    } else {
      altered[i].value[altered[i].value.size() / 2] ^= 1;
    }
    CHECK(checked(altered, recorded).findings.size() == 1);
    auto without = values;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK(checked(without, recorded).findings.size() == 1);
  }
}

TEST_CASE("fsck: what is found is named") {
  const auto values = story_values();
  const auto recorded = recorded_for(values);
  const auto found_with = [&](const Bytes& key) {
    auto altered = values;
    for (KeyValue& pair : altered) {
      if (pair.key == key) pair.value += "x";
    }
    const auto report = checked(altered, recorded);
    REQUIRE(report.findings.size() == 1);
    return report.findings[0].code + ": " + report.findings[0].detail;
  };
  CHECK_THAT(found_with(keyspace::entry(EntryIndex{3})),
             Catch::StartsWith("entry-damaged: entry 3 does not hash"));
  CHECK_THAT(found_with(store_keys::model(small_id(2))),
             Catch::StartsWith("value-damaged: the record of model " + small_id(2).text()));
  CHECK_THAT(found_with(store_keys::model_version(small_id(1), EntryIndex{8})),
             Catch::Contains("the state of model " + small_id(1).text() + " as of entry 8"));
  CHECK_THAT(found_with(store_keys::meeting(the_meeting)), Catch::Contains("SECP_30_1103"));
  CHECK_THAT(found_with(store_keys::seals(EntryIndex{10})),
             Catch::Contains("the seals of entry 10"));
  CHECK_THAT(found_with(store_keys::model_by_status(ModelStatus::removed, small_id(1).text())),
             Catch::Contains("the index by status, model " + small_id(1).text()));
  CHECK_THAT(found_with(store_keys::cover_end("2027-01-01", small_id(4).text())),
             Catch::Contains("the index of cover ends, at 2027-01-01" + small_id(4).text()));
  CHECK_THAT(found_with(store_keys::wordy_model(small_id(4).text())),
             Catch::Contains("the index of texts with words, model " + small_id(4).text()));
  CHECK_THAT(found_with(store_keys::manufacturer_name("1063", "Example Meters Ltd")),
             Catch::Contains("the index of manufacturers, at 1063 Example Meters Ltd"));

  auto more = values;
  more.push_back({store_keys::charter(EntryIndex{7}), ""});
  const auto report = checked(more, recorded);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].code == "value-extra");
}

TEST_CASE("fsck: a database that is behind, beside or without its record of signing is told") {
  const auto values = story_values();
  const auto recorded = recorded_for(values);
  const auto code_with = [&](const std::optional<SignedSize>& record) {
    const auto report = checked(values, record);
    return report.findings.empty() ? "" : report.findings[0].code;
  };
  CHECK(code_with(recorded).empty());
  CHECK(code_with({}) == "signed-size-missing");
  CHECK(code_with(SignedSize{TreeSize{13}, recorded.root}) == "rolled-back");
  CHECK(code_with(SignedSize{recorded.size, Hash{}}) == "signed-size-mismatch");
}

TEST_CASE("fsck: an entry that the rules do not allow is found, though its hashes fit") {
  // Somebody with the database and the log's key put in an addition that nobody signed.
  MemoryStore store;
  TestLog log(store);
  log.append({charter_note()});
  Entry entry = *log.view()->entry(EntryIndex{0});
  entry.statement[entry.statement.size() - 10] ^= 1;
  const Bytes leaf = format_entry(entry);
  MerkleFrontier frontier;
  frontier.append(merkle_leaf(leaf));
  WriteBatch batch;
  batch.put(keyspace::entry(EntryIndex{0}), leaf);
  batch.put(store_keys::tile(0, 0), Bytes(merkle_leaf(leaf).view()));
  batch.put(store_keys::head(), R"({"root":")" + to_base64(frontier.root()) +
                                    R"(","size":1,"state_root":")" + to_base64(Hash{}) +
                                    R"(","time":1})");
  REQUIRE(store.commit(batch, Durability::synced));
  MemoryStore scratch;
  const auto report =
      fsck(*store.snapshot(), std::optional(SignedSize{TreeSize{1}, frontier.root()}), scratch, {});
  REQUIRE(report);
  REQUIRE(report->findings.size() == 1);
  CHECK(report->findings[0].code == "entry-not-allowed");
}

TEST_CASE("fsck: octets flipped in the files of a real database are found and named") {
  const TemporaryFolder folder;
  std::optional<SignedSize> recorded;
  {
    const auto store = RocksStore::open({folder.path() / "store"});
    REQUIRE(store);
    TestLog log(**store);
    for (const Bytes& note : story_notes()) log.append({note});
    recorded = log.record.recorded;
    REQUIRE(RocksStore::save_copy(**store, folder.path() / "copy"));  // Writes out what it holds.
  }
  for (const auto& file : std::filesystem::directory_iterator(folder.path() / "copy")) {
    if (file.path().extension() != ".sst") continue;
    std::fstream octets(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    octets.seekp(200);
    octets.put('\x55');
  }
  const auto store = RocksStore::open_read_only({folder.path() / "copy", IfMissing::fail});
  REQUIRE(store);
  MemoryStore scratch;
  const auto report = fsck(*(*store)->snapshot(), recorded, scratch, {});
  if (!report) {
    CHECK(report.error().code == "stored-data-corrupt");  // The block of the head itself.
  } else {
    REQUIRE_FALSE(report->findings.empty());
    CHECK_THAT(report->findings[0].detail, Catch::Contains("cannot be read"));
  }
}

}  // namespace cpl::testing::fsck_test
