// A log whose database is behind, beside or without its signed-size record: it must not sign, since
// it would contradict checkpoints that others hold, but its readers are still served.
#include "tests/registry/log/checker.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::rollback_test {
namespace {

std::unique_ptr<MemoryStore> copy_of(const Store& store) {
  auto copy = std::make_unique<MemoryStore>();
  const auto all = store.snapshot()->scan("", "~", 1'000'000);
  REQUIRE(all);
  WriteBatch batch;
  batch.puts = *all;
  REQUIRE(copy->commit(batch, Durability::synced));
  return copy;
}

// The log over this store with this record, refusing as it should.
class ReadOnlyLog {
 public:
  ReadOnlyLog(Store& store, const std::optional<SignedSize>& recorded) {
    record_.recorded = recorded;
    auto opened = Log::open(store, record_, clock_, log_keys().log, log_origin);
    REQUIRE(opened);
    log_ = *std::move(opened);
    clock_.advance(1'000'000);
  }

  void expect_no_signing(const std::string& reason, std::uint64_t size) {
    CHECK(log_->read_only_reason().find(reason) != std::string::npos);
    const auto before = record_.recorded;
    const auto charter = log_->view()->charter();
    const auto answers =
        log_->append({open_note(charter == nullptr ? charter_note() : addition_note(99), charter)});
    REQUIRE(answers[0].has_error());
    CHECK(answers[0].error().errc == Errc::unavailable);
    CHECK(answers[0].error().detail.find(reason) != std::string::npos);
    CHECK(record_.recorded == before);
    const auto view = log_->view();
    CHECK(view->checkpoint_note().empty());
    CHECK(view->size().value == size);
  }
  const LogView& view() { return *log_->view(); }

 private:
  TestClock clock_;
  MemorySignedSize record_;
  std::unique_ptr<Log> log_;
};

}  // namespace

TEST_CASE("rollback: a restored backup never signs and still serves its readers (I10)") {
  MemoryStore store;
  TestLog log(store);
  const auto notes = story_notes();
  log.append({notes.begin(), notes.begin() + 5});
  const auto backup = copy_of(store);
  log.append({notes.begin() + 5, notes.end()});

  ReadOnlyLog restored(*backup, log.record.recorded);
  restored.expect_no_signing("rolled back", 5);
  const auto view = &restored.view();
  CHECK(*view->leaf(EntryIndex{4}) == *log.view()->leaf(EntryIndex{4}));
  CHECK(view->leaf(EntryIndex{5}).error().errc == Errc::not_found);
  CHECK(view->list().model(small_id(1))->value().status == ModelStatus::listed);
  const auto proof = view->inclusion(EntryIndex{2});
  REQUIRE(proof);
  CHECK(verify_inclusion(merkle_leaf(*view->leaf(EntryIndex{2})), EntryIndex{2}, TreeSize{5},
                         *proof, view->checkpoint().root));
}

TEST_CASE("rollback: an empty database beside a record never signs (I10)") {
  MemoryStore store;
  TestLog log(store);
  log.append({charter_note()});
  MemoryStore lost;
  ReadOnlyLog restored(lost, log.record.recorded);
  restored.expect_no_signing("rolled back", 0);
}

TEST_CASE("rollback: a log with entries and no record never signs (I10)") {
  MemoryStore store;
  TestLog log(store);
  log.append({charter_note(), addition_note(1)});
  log.close();
  ReadOnlyLog without(store, std::nullopt);
  without.expect_no_signing("missing", 2);
}

TEST_CASE("rollback: another history of the recorded size, or beyond it, never signs (I4, I10)") {
  MemoryStore store;
  TestLog log(store);
  log.append({charter_note(), addition_note(1)});
  MemoryStore other_store;
  TestLog other(other_store);
  other.append({charter_note(), addition_note(2)});
  other.close();
  ReadOnlyLog same_size(other_store, log.record.recorded);
  same_size.expect_no_signing("not the one that was signed", 2);

  other.open();
  other.append({addition_note(3), addition_note(4)});
  other.close();
  ReadOnlyLog larger(other_store, log.record.recorded);
  larger.expect_no_signing("not the one that was signed", 4);
}

TEST_CASE("rollback: a log goes on record before its first entry, so its first crash is no loss") {
  MemoryStore store;
  TestLog log(store);
  CHECK(log.record.recorded == SignedSize{TreeSize{0}, merkle_empty_root()});
}

TEST_CASE("rollback: a commit that the record had not heard of is taken in on opening") {
  MemoryStore store;
  TestLog log(store);
  log.append({charter_note()});
  const auto recorded = log.record.recorded;
  log.append({addition_note(1), addition_note(2)});
  log.record.recorded = recorded;
  log.open();
  CHECK(log->read_only_reason().empty());
  CHECK(log.record.recorded->size.value == 3);
  LogChecker().check(*log.view());
}

TEST_CASE("rollback: a clock set back refuses statements until it is right again (I5)") {
  constexpr std::uint64_t step = std::chrono::milliseconds(clock_step_max).count();
  MemoryStore store;
  TestLog log(store);
  log.append({charter_note()});
  const UnixMillis last = log.clock.now();
  log.clock.set(UnixMillis{last.value - step - 1001});  // The append moves it on by 1000.
  const auto refused = log.try_append({addition_note(1)});
  REQUIRE(refused[0].has_error());
  CHECK(refused[0].error().errc == Errc::unavailable);
  CHECK(refused[0].error().code == "clock-wrong");
  CHECK(log->refusal()->code == "clock-wrong");
  CHECK_THAT(log->trouble()->detail,
             Catch::Contains("is 15 minutes ahead of this machine's clock"));
  CHECK(log->read_only_reason().empty());  // It is not halted: a clock can be put right.
  log.open();
  log.clock.set(UnixMillis{last.value - step - 1001});
  CHECK(log.try_append({addition_note(1)})[0].has_error());
  log.clock.set(UnixMillis{last.value - step - 1000});
  CHECK(log.append({addition_note(1)}).value == 1);
  CHECK_FALSE(log->refusal());
  CHECK(log.view()->entry(EntryIndex{1})->time == last);
  LogChecker().check(*log.view());
}

TEST_CASE("rollback: an operator may go on though the last entry is ahead of the clock (I5)") {
  constexpr std::uint64_t days = 86'400'000;
  MemoryStore store;
  TestLog log(store);
  log.append({charter_note()});
  const UnixMillis last = log.clock.now();
  log.clock.set(UnixMillis{last.value - 20 * days});
  CHECK(log->refusal()->code == "clock-wrong");
  log->accept_last_time(UnixMillis{last.value + 1});  // Of another entry.
  CHECK(log->refusal()->code == "clock-wrong");
  log->accept_last_time(last);
  CHECK_FALSE(log->refusal());
  log.append({addition_note(1)});
  CHECK(log.view()->entry(EntryIndex{1})->time == last);
  log.clock.set(UnixMillis{last.value + days});  // It has come: times are the clock's again.
  log.append({addition_note(2)});
  CHECK(log.view()->entry(EntryIndex{2})->time > last);
  LogChecker().check(*log.view());

  // So far ahead that every statement would be too old when it is entered.
  const UnixMillis newest = log->last_time();
  log->accept_last_time(newest);
  log.clock.set(UnixMillis{newest.value - 365 * days});
  CHECK_FALSE(log->refusal());
  log.clock.set(UnixMillis{newest.value - 366 * days});
  CHECK(log->refusal()->code == "clock-wrong");
}

}  // namespace cpl::testing::rollback_test
