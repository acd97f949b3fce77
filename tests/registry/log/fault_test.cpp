// The fault table of the log: at each commit of a short life, each way in which the store or the
// signed-size record can fail or the process can end. Expected each time: who was answered finds
// his statement (I3), no published checkpoint is contradicted (I4), and after opening again the log
// goes on, with no statement twice.
#include "registry/log/log_keys.hpp"
#include "tests/registry/log/checker.hpp"
#include "tests/registry/store/fault_store.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::fault_test {
namespace {

enum class Place : std::uint8_t { store, record };

struct Row {
  std::string name;
  Place place;
  StoreFault store_fault;
  RecordFault record_fault;
  bool ends_process;  // Nobody is answered.
  bool in_the_log;    // Whether the batch is found when the log is opened again.
};

std::vector<Row> fault_table() {
  using S = StoreFault;
  using R = RecordFault;
  return {
      {"commit fails, not persisted", Place::store, S::fails_not_persisted, R::none, false, false},
      {"commit fails, persisted", Place::store, S::fails_persisted, R::none, false, true},
      {"crash before the commit", Place::store, S::crash_before, R::none, true, false},
      {"crash between commit and record", Place::store, S::crash_after, R::none, true, true},
      {"record fails, not persisted", Place::record, {}, R::not_persisted, false, true},
      {"record fails, persisted", Place::record, {}, R::persisted, false, true}};
}

// Four batches, and the answers to them.
std::vector<std::vector<Bytes>> batches() {
  const auto notes = story_notes();
  return {{notes[0]},
          {notes[1], notes[2], notes[3]},
          {notes[4], notes[5]},
          {notes[6], notes[7], notes[8], notes[9]}};
}

class FaultRun {
 public:
  void append_well(const std::vector<Bytes>& batch) {
    for (const auto& answer : log_.try_append(batch)) {
      if (!answer) FAIL(answer.error().code + ": " + answer.error().detail);
      note_answer(*answer);
    }
    checker_.check(*log_.view());
  }

  void append_with(const Row& row, const std::vector<Bytes>& batch) {
    const auto before = log_.view();
    if (row.place == Place::store) {
      store_.fail_after(0, row.store_fault);
    } else {
      log_.record.fault = row.record_fault;
    }
    if (row.ends_process) {
      CHECK_THROWS_AS(log_.try_append(batch), Crash);
    } else {
      std::vector<std::string> told;
      log_->on_halt([&](const std::string& reason) { told.push_back(reason); });
      expect_stop(log_.try_append(batch));
      CHECK(told == std::vector{log_->read_only_reason()});
      // What was published before stays readable, and nothing more (I9).
      CHECK(log_.view() == before);
      expect_read_only(batch);
    }
  }

  // The batch once more, as its senders would.
  void append_again(const Row& row, const std::vector<Bytes>& batch, bool recovers) {
    if (recovers) {
      CHECK(log_->awaits_recovery());
      CHECK(log_->recover());
      CHECK_FALSE(log_->refusal());
    } else {
      log_.open();
    }
    checker_.check(*log_.view());
    for (const auto& answer : log_.try_append(batch)) {
      REQUIRE(answer);
      CHECK(answer->repeated == row.in_the_log);
      note_answer(*answer);
    }
    checker_.check(*log_.view());
  }

  std::uint64_t size() const { return log_.view()->size().value; }

 private:
  void note_answer(const Accepted& accepted) {
    const auto leaf = accepted.view->entry(accepted.index);
    REQUIRE(leaf);
    checker_.answered(accepted, statement_id(parse_note(leaf->statement)->text));
  }

  static void expect_stop(const std::vector<Result<Accepted>>& answers) {
    for (const auto& answer : answers) {
      REQUIRE(answer.has_error());
      CHECK(answer.error().errc == Errc::indeterminate);
    }
  }

  void expect_read_only(const std::vector<Bytes>& batch) {
    CHECK_FALSE(log_->read_only_reason().empty());
    const std::size_t commits = store_.commits();
    for (const auto& answer : log_.try_append(batch)) {
      REQUIRE(answer.has_error());
      CHECK(answer.error().errc == Errc::unavailable);
      CHECK(answer.error().code == "write-failed");
    }
    CHECK(store_.commits() == commits);
  }

  MemoryStore memory_;
  FaultStore store_{memory_};
  TestLog log_{store_};
  LogChecker checker_;
};

}  // namespace

TEST_CASE("log faults: each fault at each commit stops the log, loses nothing, repeats nothing") {
  // By itself, where the process has not ended; or opened again.
  const bool goes_on = GENERATE(false, true);
  for (const Row& row : fault_table()) {
    for (std::size_t faulty = 0; faulty < batches().size(); ++faulty) {
      const bool recovers = goes_on && !row.ends_process;
      INFO(row.name << " at commit " << faulty << (recovers ? ", recovered" : ", opened again"));
      FaultRun run;
      for (std::size_t i = 0; i < batches().size(); ++i) {
        if (i == faulty) {
          run.append_with(row, batches()[i]);
          run.append_again(row, batches()[i], recovers);
        } else {
          run.append_well(batches()[i]);
        }
      }
      CHECK(run.size() == story_notes().size());
    }
  }
}

TEST_CASE("log faults: a process may end again and again at one place and get on in the end") {
  for (const StoreFault fault : {StoreFault::crash_before, StoreFault::fails_not_persisted}) {
    MemoryStore memory;
    FaultStore store(memory);
    TestLog log(store);
    LogChecker checker;
    log.append({charter_note()});
    for (int i = 0; i < 3; ++i) {
      store.fail_after(0, fault);
      if (fault == StoreFault::crash_before) {
        CHECK_THROWS_AS(log.try_append({addition_note(1)}), Crash);
      } else {
        CHECK(log.try_append({addition_note(1)})[0].has_error());
      }
      log.open();
      checker.check(*log.view());
    }
    CHECK(log.append({addition_note(1)}).value == 1);
    checker.check(*log.view());
  }
}

TEST_CASE("log faults: a read that fails, whichever it is, refuses one statement without a trace") {
  DeviceModel successor = small_model(3);
  successor.predecessors = {small_id(2)};  // So that it can only follow the other one.
  const Bytes successor_note = sign(Addition{successor, start_time}, log_keys().registrar);
  bool failed = true;
  for (std::size_t read = 0; failed; ++read) {
    INFO("read " << read);
    MemoryStore memory;
    FaultStore store(memory);
    TestLog log(store);
    log.append({charter_note(), addition_note(1)});
    log.open();  // So that the state tree has nothing cached.
    const auto statements = log.opened({addition_note(2), addition_note(1), successor_note});
    store.fail_read_after(read);
    const auto answers = log->append(statements);
    failed = store.read_failed();
    store.fail_read_after(SIZE_MAX);
    std::size_t unanswered = 0;
    for (const auto& answer : answers) {
      if (!answer && answer.error().errc == Errc::unavailable) ++unanswered;
    }
    CHECK(unanswered == (failed ? 1 : 0));
    if (!answers[0]) CHECK(answers[2].error().code == "predecessor-not-found");
    LogChecker checker;
    checker.check(*log.view());
    log.append({addition_note(2), successor_note});
    CHECK(log.view()->size().value == 4);
    checker.check(*log.view());
  }
}

TEST_CASE("log faults: corruption met in the middle of a batch stops the log, with all of it") {
  std::size_t met = 0;
  for (std::uint64_t lost = 1; lost <= 6; ++lost) {  // A branch that a later one may lead to.
    MemoryStore memory;
    TestLog log(memory);
    log.append({charter_note(), addition_note(1), addition_note(2), addition_note(3),
                addition_note(4), addition_note(5), addition_note(6)});
    log.append({addition_note(7)});
    log.open();  // Nothing of the tree is in memory then.
    WriteBatch loss;
    loss.deletes.push_back(store_keys::tree_branch(EntryIndex{lost}));
    REQUIRE(memory.commit(loss, Durability::synced));
    for (std::uint64_t number = 10; number < 18 && log->read_only_reason().empty(); ++number) {
      const TreeSize before = log.view()->size();
      const auto answers = log.try_append(
          {decision_note({small_id(number)}), addition_note(number), minutes_note(true)});
      if (answers[1]) continue;
      ++met;
      for (const auto& answer : answers) {
        REQUIRE_FALSE(answer);
        CHECK(answer.error().errc == Errc::corrupt);
      }
      CHECK_THAT(log->read_only_reason(), Catch::Contains("state tree"));
      CHECK(log.view()->size() == before);
      CHECK(LogHead::read(*memory.snapshot())->size == before);
      CHECK(log.try_append({decision_note({small_id(1)})})[0].error().code == "read-only");
    }
  }
  CHECK(met > 0);
}

TEST_CASE("log faults: a halt for another reason stands over a failed write, and stays") {
  MemoryStore memory;
  FaultStore store(memory);
  TestLog log(store);
  store.fail_after(0, StoreFault::fails_not_persisted);
  CHECK(log.try_append({charter_note()})[0].has_error());
  CHECK(log->awaits_recovery());
  log->halt("witness-alarm", "two checkpoints of one size");
  CHECK_FALSE(log->awaits_recovery());
  CHECK(log->recover());
  CHECK(log->refusal()->code == "witness-alarm");
}

TEST_CASE(
    "log faults: a record that cannot be brought up to date keeps the log from signing (I10)") {
  MemoryStore memory;
  FaultStore store(memory);
  TestLog log(store);
  store.fail_after(0, StoreFault::crash_after);
  CHECK_THROWS_AS(log.try_append({charter_note()}), Crash);
  log.close();
  log.record.fault = RecordFault::not_persisted;
  log.open();
  CHECK(log->refusal()->code == "write-failed");
  CHECK(log.view()->size().value == 1);
  CHECK(log.view()->checkpoint_note().empty());
  CHECK(log->recover());
  CHECK_FALSE(log.view()->checkpoint_note().empty());
  CHECK(log.append({addition_note(1)}).value == 1);
}

}  // namespace cpl::testing::fault_test
