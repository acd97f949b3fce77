// Power cuts and kills on real RocksDB. After each one the log is opened again and must hold every
// statement that was answered and contradict no checkpoint that was published (I3, I4).
//
//   CPL_CRASH_RUNS=1000 CPL_KILLS=200 ./crash_test        more of both than the usual 60 and 40
#include "tests/registry/log/crash_fs.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdlib>

#include "registry/audit/audit.hpp"
#include "registry/log/sequencer.hpp"
#include "registry/store/rocks_store.hpp"
#include "tests/registry/log/checker.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::crash_test {
namespace {

std::uint64_t count_from_environment(const char* name, std::uint64_t usual) {
  const char* text = std::getenv(name);
  const auto count = text == nullptr ? std::nullopt : from_decimal(text);
  return count.value_or(usual);
}

// The audit that anybody could make, over what the view serves.
void expect_clean_audit(const LogView& view) {
  const FetchResource fetch = [&](const std::string& path) -> Result<Bytes> {
    if (path == "checkpoint") return view.checkpoint_note();
    const auto tile = parse_tile_path(path);
    if (!tile) return malformed("path-malformed", path);
    return view.tile(*tile);
  };
  const auto report = audit(fetch, TrustPolicy::of_log(log_keys().log.verifier()), {});
  if (!report) FAIL(report.error().detail);
  for (const AuditFinding& finding : report->findings) FAIL(finding.code + ": " + finding.detail);
  CHECK(report->entries == view.size().value);
}

// A signed-size record on the machine whose power is cut.
class PoweredRecord final : public SignedSizeRecord {
 public:
  explicit PoweredRecord(CrashFileSystem& system) : system_(system) {}
  Result<std::optional<SignedSize>> read() const override { return recorded_; }
  Result<void> advance(const SignedSize& to) override {
    if (!system_.spend()) return Error{Errc::unavailable, "off", "the power is off"};
    recorded_ = to;
    return {};
  }

 private:
  CrashFileSystem& system_;
  std::optional<SignedSize> recorded_;
};

// One machine through several lives, each ended by a power cut.
class PowerRun {
 public:
  explicit PowerRun(unsigned seed)
      : random_(seed),
        system_(std::make_shared<CrashFileSystem>(folder_.path() / "attic")),
        env_(rocksdb::NewCompositeEnv(system_)),
        record_(*system_) {}

  void run() {
    for (int life = 0; life < 4; ++life) {
      INFO("life " << life);
      system_->cut_after(1 + random_() % 120);
      live();
      system_->lose_unsynced(random_);
    }
    const auto store = open_store();
    REQUIRE(store);
    const auto log = open_log(**store);
    if (!log) FAIL(log.error().detail);
    expect_good(**log);
    expect_clean_audit(*(*log)->view());
  }

 private:
  Result<std::unique_ptr<Store>> open_store() {
    return RocksStore::open({.path = folder_.path() / "db", .env = env_.get()});
  }
  Result<std::unique_ptr<Log>> open_log(Store& store) {
    return Log::open(store, record_, clock_, log_keys().log, log_origin);
  }
  void expect_good(const Log& log) {
    CHECK(log.read_only_reason().empty());
    checker_.check(*log.view());
  }

  // Until the power goes, or for twelve batches.
  void live() {
    const auto store = open_store();
    if (!store) {
      INFO(store.error().detail);
      REQUIRE(system_->is_off());
      return;
    }
    const auto log = open_log(**store);
    if (!log) {
      INFO(log.error().detail);
      REQUIRE(system_->is_off());
      return;
    }
    if (!(*log)->read_only_reason().empty()) {
      REQUIRE(system_->is_off());
      return;
    }
    expect_good(**log);
    for (int batch = 0; batch < 12 && (*log)->read_only_reason().empty(); ++batch) {
      if (random_() % 3 == 0) write_buffered(**store);
      append(**log);
    }
    REQUIRE(((*log)->read_only_reason().empty() || system_->is_off()));
  }

  // As the notifier does, between the log's commits.
  void write_buffered(Store& store) {
    WriteBatch row;
    row.put("s" + std::to_string(random_() % 5), std::to_string(random_()));
    if (const auto stored = store.commit(row, Durability::buffered); !stored) {
      REQUIRE(system_->is_off());
    }
  }

  void append(Log& log) {
    clock_.advance(1000);
    const auto charter = log.view()->charter();
    std::vector<SignedStatement> statements;
    if (charter == nullptr) {
      statements.push_back(open_note(charter_note(), nullptr));
    } else {
      const std::uint64_t next = log.view()->size().value;
      const std::uint64_t count = 1 + random_() % 4;
      for (std::uint64_t i = 0; i < count; ++i) {
        statements.push_back(open_note(addition_note(next + i), charter));
      }
    }
    const auto sent = statements;
    const auto answers = log.append(std::move(statements));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (answers[i]) {
        checker_.answered(*answers[i], sent[i].id);
      } else {
        REQUIRE(answers[i].error().errc == Errc::indeterminate);
      }
    }
  }

  std::mt19937 random_;
  TemporaryFolder folder_;
  std::shared_ptr<CrashFileSystem> system_;
  std::unique_ptr<rocksdb::Env> env_;
  PoweredRecord record_;
  TestClock clock_;
  LogChecker checker_;
};

}  // namespace

TEST_CASE("crash: a power cut loses commits that were not synced, and none that were") {
  bool lost_some = false;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    const TemporaryFolder folder;
    const auto system = std::make_shared<CrashFileSystem>(folder.path() / "attic");
    const auto env = rocksdb::NewCompositeEnv(system);
    const RocksOptions options{.path = folder.path() / "db", .env = env.get()};
    const auto commit = [](Store& store, const char* key, Durability durability) {
      WriteBatch batch;
      batch.put(key, "");
      REQUIRE(store.commit(batch, durability));
    };
    {
      const auto store = RocksStore::open(options);
      REQUIRE(store);
      commit(**store, "synced", Durability::synced);
      commit(**store, "buffered", Durability::buffered);
      system->cut_after(1);
    }
    std::mt19937 random(seed);
    system->lose_unsynced(random);
    const auto store = RocksStore::open(options);
    if (!store) FAIL(store.error().detail);
    CHECK(*(*store)->snapshot()->get("synced"));
    if (!*(*store)->snapshot()->get("buffered")) lost_some = true;
  }
  CHECK(lost_some);
}

TEST_CASE("crash: no power cut, wherever it falls, loses what was answered (I3, I4)") {
  const std::uint64_t runs = count_from_environment("CPL_CRASH_RUNS", 60);
  for (unsigned seed = 1; seed <= runs; ++seed) {
    INFO("seed " << seed);
    PowerRun(seed).run();
  }
}

// From here on: a process that appends under load, and its killer.
namespace {

constexpr int report_descriptor = 3;

// A log as the service has it, with its files in one folder.
struct DiskLog {
  explicit DiskLog(const std::filesystem::path& folder) {
    auto opened_store = RocksStore::open({.path = folder / "db"});
    if (!opened_store) FAIL(opened_store.error().detail);
    store = *std::move(opened_store);
    auto opened_record = open_signed_size_file(folder / "signed-size", log_origin);
    if (!opened_record) FAIL(opened_record.error().detail);
    record = *std::move(opened_record);
    auto opened_log = Log::open(*store, *record, clock, log_keys().log, log_origin);
    if (!opened_log) FAIL(opened_log.error().detail);
    log = *std::move(opened_log);
    REQUIRE(log->read_only_reason().empty());
  }

  TestClock clock;
  std::unique_ptr<Store> store;
  std::unique_ptr<SignedSizeRecord> record;
  std::unique_ptr<Log> log;
};

// "<index> <id> <checkpoint in base64>": one write, so that it arrives whole or not at all.
void report(const Accepted& accepted, const Hash& id) {
  const std::string line = std::to_string(accepted.index.value) + " " + to_hex(id) + " " +
                           to_base64(accepted.view->checkpoint_note()) + "\n";
  cpl::check(::write(report_descriptor, line.data(), line.size()) ==
             static_cast<ssize_t>(line.size()));
}

// How many submissions may be under way at once.
class Window {
 public:
  void enter() {
    std::unique_lock lock(mutex_);
    left_.wait(lock, [&] { return inside_ < 8; });
    ++inside_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    --inside_;
    left_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable left_;
  int inside_ = 0;
};

class Child {
 public:
  explicit Child(const std::filesystem::path& folder) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    REQUIRE(posix_spawn_file_actions_init(&actions) == 0);
    // Onto a descriptor that is not its own, so that the copy loses the close-on-exec flag.
    REQUIRE(ends[1] != report_descriptor);
    REQUIRE(posix_spawn_file_actions_adddup2(&actions, ends[1], report_descriptor) == 0);
    ::setenv("CPL_KILL_FOLDER", folder.c_str(), 1);
    std::string program = "crash_test";
    std::string test = "[.killed]";
    char* arguments[] = {program.data(), test.data(), nullptr};
    REQUIRE(posix_spawn(&process_, "/proc/self/exe", &actions, nullptr, arguments, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    reading_ = ends[0];
  }
  ~Child() { ::close(reading_); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // False once the child is gone and all is read.
  bool read_some() {
    char octets[4096];
    const ssize_t count = ::read(reading_, octets, sizeof octets);
    if (count <= 0) return false;
    received_.append(octets, static_cast<std::size_t>(count));
    return true;
  }
  std::size_t lines() const {
    return static_cast<std::size_t>(std::count(received_.begin(), received_.end(), '\n'));
  }
  // How it ended: by the kill, or by itself because of a fault.
  bool kill() {
    ::kill(process_, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(process_, &status, 0) == process_);
    while (read_some()) {
    }
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }
  const std::string& received() const { return received_; }

 private:
  pid_t process_ = -1;
  int reading_ = -1;
  std::string received_;
};

void take_in(std::string_view lines, LogChecker& checker) {
  while (const auto line = take_line(lines)) {
    const auto first = line->find(' ');
    const auto second = line->find(' ', first + 1);
    REQUIRE(second != line->npos);
    const auto index = from_decimal(line->substr(0, first));
    const auto id = hash_from_hex(line->substr(first + 1, second - first - 1));
    const auto note = from_base64(line->substr(second + 1));
    REQUIRE(index);
    REQUIRE(id);
    REQUIRE(note);
    checker.acknowledge(EntryIndex{*index}, *id);
    checker.publish(*note);
  }
}

// Takes a while that is measured in work, not in time.
void work(std::uint64_t rounds) {
  Hash hash;
  for (std::uint64_t i = 0; i < rounds; ++i) hash = sha256(hash.view());
  cpl::check(rounds == 0 || hash != Hash{});
}

}  // namespace

// Not a test of its own: the process that the next one starts and kills.
TEST_CASE("crash: the process that appends until it is killed", "[.killed]") {
  const char* folder = std::getenv("CPL_KILL_FOLDER");
  REQUIRE(folder != nullptr);
  DiskLog disk(folder);
  if (disk.log->view()->size().value == 0) {
    auto charter = open_note(charter_note(), nullptr);
    const Hash id = charter.id;
    const auto answers = disk.log->append({std::move(charter)});
    REQUIRE(answers[0]);
    report(*answers[0], id);
  }
  const auto charter = disk.log->view()->charter();
  std::uint64_t next = disk.log->view()->size().value;
  Window window;
  Sequencer sequencer(*disk.log, {}, [] {});
  sequencer.start();
  while (true) {
    auto statement = open_note(addition_note(next++), charter);
    window.enter();
    const Hash id = statement.id;
    sequencer.submit(std::move(statement), [&window, id](Result<Accepted> answer) {
      cpl::check(answer.has_value());
      report(*answer, id);
      window.leave();
    });
  }
}

TEST_CASE("crash: no kill, whenever it comes, loses what was answered (I3, I4)") {
  const std::uint64_t kills = count_from_environment("CPL_KILLS", 40);
  const TemporaryFolder folder;
  std::mt19937 random(20'260'722);
  LogChecker checker;
  for (std::uint64_t i = 0; i < kills; ++i) {
    INFO("kill " << i);
    Child child(folder.path());
    const std::size_t wanted = random() % 16;
    while (child.lines() < wanted && child.read_some()) {
    }
    work(random() % 20'000);
    REQUIRE(child.kill());
    take_in(child.received(), checker);
    const DiskLog disk(folder.path());
    checker.check(*disk.log->view());
  }
  CHECK(checker.acknowledged_count() > kills);
  expect_clean_audit(*DiskLog(folder.path()).log->view());
}

}  // namespace cpl::testing::crash_test
