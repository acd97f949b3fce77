// What is short comes back: whichever call of the database fails, for want of space, descriptors,
// memory or the disk, the log is read all the while, loses nothing, and goes on by itself.
//
//   CPL_RESOURCE_FAULTS=1 ./resource_test        every call and shortage, which takes an hour: the
//                                                usual run tries a few of them
#include "tests/registry/log/resource_fs.hpp"

#include <cstdlib>
#include <future>

#include "registry/log/sequencer.hpp"
#include "registry/store/rocks_store.hpp"
#include "tests/registry/log/checker.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::resource_test {
namespace {

constexpr std::uint64_t until_mended = UINT64_MAX / 2;

bool is_whole() { return std::getenv("CPL_RESOURCE_FAULTS") != nullptr; }
std::uint64_t step() { return is_whole() ? 1 : 61; }
std::uint64_t first_call() { return is_whole() ? 0 : 30; }

// A log on a database on a disk, through one shortage.
class ShortRun {
 public:
  ShortRun() : env_(rocksdb::NewCompositeEnv(system_)) {}

  std::uint64_t calls() const { return system_->calls(); }

  // Whether the shortage was met.
  bool run(std::uint64_t call, Shortage what, std::uint64_t more) {
    system_->fail_after(call, what, more);
    open();
    for (const auto& batch : batches()) append(batch);
    const bool met = system_->has_failed();
    system_->mend();
    CHECK(log_->view()->size().value == story_notes().size());
    // As the next start would find it.
    log_.reset();
    store_.reset();
    open();
    judge();
    return met;
  }

 private:
  static std::vector<std::vector<Bytes>> batches() {
    const auto notes = story_notes();
    return {{notes[0]},
            {notes[1], notes[2], notes[3]},
            {notes[4], notes[5]},
            {notes[6], notes[7], notes[8], notes[9]}};
  }

  void open() {
    while (log_ == nullptr) {
      if (try_open()) break;
      system_->mend();  // Then the next one succeeds, or the loop would not end.
      store_.reset();
    }
  }

  bool try_open() {
    auto store = RocksStore::open({.path = folder_.path() / "db", .env = env_.get()});
    if (!store) {
      CHECK(system_->has_failed());
      CHECK(store.error().errc == Errc::unavailable);
      return false;
    }
    store_ = *std::move(store);
    auto log = Log::open(*store_, record_, clock_, log_keys().log, log_origin);
    if (log) log_ = *std::move(log);
    return log.has_value();
  }

  // As the senders would: again, until it is in the log.
  void append(const std::vector<Bytes>& batch) {
    copy();
    for (int tries = 0; tries < 4; ++tries) {
      if (try_append(batch)) return judge();
      REQUIRE(system_->has_failed());
      if (log_->awaits_recovery()) {
        recover();
      } else {
        system_->mend();  // A statement was refused for what could not be read.
      }
    }
    FAIL("it does not go on");
  }

  bool try_append(const std::vector<Bytes>& batch) {
    clock_.advance(1000);
    bool all = true;
    for (const Bytes& note : batch) {
      const auto before = log_->view();
      const SignedStatement statement = open_note(note, before->charter());
      const auto answers = log_->append({statement});
      if (answers[0]) {
        checker_.answered(*answers[0], statement.id);
      } else {
        const Errc errc = answers[0].error().errc;
        CHECK((errc == Errc::indeterminate || errc == Errc::unavailable));
        CHECK(log_->view() == before);
        all = false;
      }
    }
    return all;
  }

  // While it lasts the log refuses, and is read; once it is over the log goes on.
  void recover() {
    CHECK(log_->refusal()->code == "write-failed");
    if (const auto early = log_->recover(); !early) {
      CHECK(early.error().errc == Errc::unavailable);
      CHECK(log_->refusal()->code == "write-failed");
      system_->mend();
      expect_readable();
      const auto recovered = log_->recover();
      if (!recovered) FAIL(recovered.error().detail);
    }
    CHECK_FALSE(log_->refusal());
    judge();
  }

  void expect_readable() const {
    const auto view = log_->view();
    for (std::uint64_t i = 0; i < view->size().value; ++i) CHECK(view->entry(EntryIndex{i}));
  }

  void judge() {
    system_->let_oracle_look(true);
    checker_.check(*log_->view());
    system_->let_oracle_look(false);
  }

  // A backup, and with it tables: RocksDB writes down all that it has in memory.
  void copy() {
    const auto into = folder_.path() / ("copy-" + std::to_string(copies_++));
    if (!RocksStore::save_copy(*store_, into)) CHECK(system_->has_failed());
  }

  const TemporaryFolder folder_;
  const std::shared_ptr<ResourceFileSystem> system_ = std::make_shared<ResourceFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_;
  TestClock clock_;
  MemorySignedSize record_;
  LogChecker checker_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Log> log_;
  int copies_ = 0;
};

// How often the shortage was met, over the calls of a whole run.
std::uint64_t walk(Shortage what, std::uint64_t more) {
  std::uint64_t met = 0;
  bool is_made = true;
  for (std::uint64_t call = first_call(); is_made; call += step()) {
    INFO("call " << call << ", " << static_cast<int>(what) << ", and " << more << " more");
    ShortRun run;
    met += run.run(call, what, more) ? 1 : 0;
    is_made = run.calls() > call;
  }
  return met;
}

}  // namespace

TEST_CASE("resources: whichever call meets a shortage, the log goes on when it is over") {
  std::uint64_t met = 0;
  for (const Shortage what :
       {Shortage::no_space, Shortage::no_disk, Shortage::no_descriptor, Shortage::no_memory}) {
    const bool is_usual = what == Shortage::no_space || what == Shortage::no_disk;
    if (!is_usual && !is_whole()) continue;
    if (is_whole() || what == Shortage::no_disk) met += walk(what, 0);
    if (is_whole() || what == Shortage::no_space) met += walk(what, until_mended);
  }
  CHECK(met > (is_whole() ? 1'000 : 1));
}

TEST_CASE("resources: the writer recovers by itself, asked for nothing") {
  const TemporaryFolder folder;
  const auto system = std::make_shared<ResourceFileSystem>();
  const auto env = rocksdb::NewCompositeEnv(system);
  const auto store = RocksStore::open({.path = folder.path() / "db", .env = env.get()});
  REQUIRE(store);
  TestLog log(**store);
  std::promise<void> halted;
  std::promise<void> recovered;
  log->on_halt([&](const std::string&) { halted.set_value(); });
  log->on_recovery([&] { recovered.set_value(); });
  Sequencer::Options options;
  options.recovery_pause = std::chrono::milliseconds(1);
  Sequencer sequencer(*log, options, [] {});
  system->fail_after(0, Shortage::no_space, until_mended);
  sequencer.start();
  std::promise<Errc> answered;
  sequencer.submit(open_note(charter_note(), nullptr), [&](Result<Accepted> accepted) {
    answered.set_value(accepted ? Errc::invalid : accepted.error().errc);
  });
  CHECK(answered.get_future().get() == Errc::indeterminate);
  halted.get_future().get();
  CHECK(log->refusal()->code == "write-failed");
  system->mend();
  recovered.get_future().get();
  CHECK_FALSE(log->refusal());
  sequencer.stop();
  CHECK(log.append({charter_note()}).value == 0);
}

}  // namespace cpl::testing::resource_test
