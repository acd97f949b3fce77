// The sequencer under concurrent submitters; also run under the thread sanitizer. Catch's checks
// are made on the main thread only.
#include "registry/log/sequencer.hpp"

#include <condition_variable>
#include <numeric>
#include <thread>

#include "tests/registry/log/checker.hpp"
#include "tests/registry/store/fault_store.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::sequencer_test {
namespace {

// Gathers the answers to numbered submissions.
class Answers {
 public:
  Sequencer::Done expect(std::uint64_t number) {
    return [this, number](Result<Accepted> answer) {
      const std::lock_guard lock(mutex_);
      ++times_[number];
      answers_.insert_or_assign(number, std::move(answer));
      changed_.notify_all();
    };
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return answers_.size() >= count; });
  }
  std::map<std::uint64_t, Result<Accepted>> all() const {
    const std::lock_guard lock(mutex_);
    return answers_;
  }
  bool each_once() const {
    const std::lock_guard lock(mutex_);
    return std::all_of(times_.begin(), times_.end(),
                       [](const auto& pair) { return pair.second == 1; });
  }
  std::size_t count(std::string_view code) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(answers_.begin(), answers_.end(), [&](const auto& pair) {
          return code.empty() ? pair.second.has_value()
                              : pair.second.has_error() && pair.second.error().code == code;
        }));
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, Result<Accepted>> answers_;  // Guarded by mutex_, as is the next.
  std::map<std::uint64_t, int> times_;
};

class SequencerFixture {
 public:
  explicit SequencerFixture(Sequencer::Options options = {})
      : sequencer(*log, options, [this] { ++wakes; }) {
    log.append({charter_note()});
    charter_ = log.view()->charter();
  }

  SignedStatement addition(std::uint64_t number) const {
    return open_note(addition_note(number), charter_);
  }
  std::vector<SignedStatement> additions(std::uint64_t from, std::uint64_t count) const {
    std::vector<SignedStatement> statements;
    for (std::uint64_t i = 0; i < count; ++i) statements.push_back(addition(from + i));
    return statements;
  }
  // Submits each number's statement from a thread of its own share.
  void submit_from_threads(std::uint64_t threads, std::uint64_t each, Answers& answers) {
    std::vector<std::thread> running;
    for (std::uint64_t t = 0; t < threads; ++t) {
      running.emplace_back([&, t, statements = additions(1 + t * each, each)]() mutable {
        for (std::uint64_t i = 0; i < each; ++i) {
          sequencer.submit(std::move(statements[i]), answers.expect(1 + t * each + i));
        }
      });
    }
    for (std::thread& thread : running) thread.join();
  }

  MemoryStore memory;
  FaultStore store{memory};
  TestLog log{store};
  std::atomic<int> wakes = 0;
  Sequencer sequencer;

 private:
  std::shared_ptr<const CharterRecord> charter_;
};

}  // namespace

TEST_CASE("sequencer: what many threads submit is all in the log, each answered once (I1, I3)") {
  SequencerFixture fixture;
  Answers answers;
  fixture.sequencer.start();
  fixture.submit_from_threads(4, 25, answers);
  answers.wait_for(100);
  fixture.sequencer.stop();
  CHECK(answers.each_once());
  CHECK(answers.count("") == 100);
  CHECK(fixture.wakes >= 1);
  LogChecker checker;
  std::set<EntryIndex> indices;
  for (const auto& [number, answer] : answers.all()) {
    REQUIRE(answer);
    indices.insert(answer->index);
    checker.answered(*answer, fixture.addition(number).id);
    CHECK(answer->view->size() > TreeSize{answer->index.value});
  }
  CHECK(indices.size() == 100);
  checker.check(*fixture.log.view());
}

TEST_CASE("sequencer: what waits together is one batch: one commit, one checkpoint") {
  SequencerFixture fixture;
  Answers answers;
  const std::size_t before = fixture.store.commits();
  for (std::uint64_t i = 1; i <= 10; ++i) {
    fixture.sequencer.submit(fixture.addition(i), answers.expect(i));
  }
  CHECK(answers.all().empty());
  CHECK(fixture.sequencer.run_once() == 10);
  CHECK(fixture.store.commits() == before + 1);
  CHECK(answers.count("") == 10);
  CHECK(fixture.wakes == 1);
  CHECK(fixture.sequencer.run_once() == 0);
  CHECK(fixture.wakes == 1);
}

TEST_CASE("sequencer: a batch that brings new entries is one time of a commit; no other is") {
  SequencerFixture fixture;
  Answers answers;
  const auto commits = [&] {
    const HistogramCounts read = fixture.sequencer.commit_times();
    return std::accumulate(read.counts.begin(), read.counts.end(), std::uint64_t{0});
  };
  for (std::uint64_t i = 1; i <= 10; ++i) {
    fixture.sequencer.submit(fixture.addition(i), answers.expect(i));
  }
  CHECK(fixture.sequencer.run_once() == 10);
  CHECK(commits() == 1);
  CHECK(fixture.sequencer.commit_times().total_microseconds > 0);
  fixture.sequencer.submit(fixture.addition(1), answers.expect(11));  // It is in the log already.
  CHECK(fixture.sequencer.run_once() == 1);
  CHECK(answers.count("") == 11);
  CHECK(commits() == 1);
}

TEST_CASE("sequencer: under load it gathers, until the batch is full or it is stopped") {
  SequencerFixture fixture({.batch_max = 2, .gather = std::chrono::hours(1)});
  Answers answers;
  for (std::uint64_t i = 1; i <= 2; ++i) {
    fixture.sequencer.submit(fixture.addition(i), answers.expect(i));
  }
  fixture.sequencer.start();
  answers.wait_for(2);
  const std::size_t before = fixture.store.commits();
  for (std::uint64_t i = 3; i <= 4; ++i) {
    fixture.sequencer.submit(fixture.addition(i), answers.expect(i));
  }
  answers.wait_for(4);
  CHECK(fixture.store.commits() == before + 1);
  fixture.sequencer.submit(fixture.addition(5), answers.expect(5));
  fixture.sequencer.stop();
  CHECK(answers.count("") == 4);
  CHECK(answers.count("stopping") == 1);
  CHECK(answers.each_once());
}

TEST_CASE("sequencer: a batch takes no more than its bound, the rest is the next") {
  SequencerFixture fixture({.queue_max = 100, .batch_max = 4});
  Answers answers;
  for (std::uint64_t i = 1; i <= 10; ++i) {
    fixture.sequencer.submit(fixture.addition(i), answers.expect(i));
  }
  CHECK(fixture.sequencer.run_once() == 4);
  CHECK(fixture.sequencer.run_once() == 4);
  CHECK(fixture.sequencer.run_once() == 2);
  for (const auto& [number, answer] : answers.all()) CHECK(answer->index.value == number);
}

TEST_CASE("sequencer: beyond the queue's bound submissions are refused at once, and only those") {
  SequencerFixture fixture({.queue_max = 3, .batch_max = 100});
  Answers answers;
  for (std::uint64_t i = 1; i <= 5; ++i) {
    fixture.sequencer.submit(fixture.addition(i), answers.expect(i));
  }
  CHECK(answers.count("overloaded") == 2);
  CHECK(answers.all().at(4).error().errc == Errc::overloaded);
  CHECK(fixture.sequencer.run_once() == 3);
  CHECK(answers.count("") == 3);
  fixture.sequencer.submit(fixture.addition(6), answers.expect(6));
  CHECK(fixture.sequencer.run_once() == 1);
  CHECK(answers.count("") == 4);
  CHECK(answers.each_once());
}

TEST_CASE("sequencer: stopping answers everybody exactly once, and so does submitting after it") {
  SequencerFixture fixture({.queue_max = 1000, .batch_max = 3});
  Answers answers;
  fixture.sequencer.start();
  std::thread stopper([&] {
    answers.wait_for(5);
    fixture.sequencer.stop();
  });
  fixture.submit_from_threads(4, 25, answers);
  stopper.join();
  CHECK(answers.all().size() == 100);
  CHECK(answers.each_once());
  CHECK(answers.count("") >= 5);
  CHECK(answers.count("") + answers.count("stopping") == 100);
  fixture.sequencer.submit(fixture.addition(200), answers.expect(200));
  CHECK(answers.count("stopping") == 101 - answers.count(""));
  CHECK(fixture.log.view()->size().value == 1 + answers.count(""));
}

TEST_CASE("sequencer: what waits in one that was never started is answered when it goes") {
  Answers answers;
  {
    SequencerFixture fixture;
    fixture.sequencer.submit(fixture.addition(1), answers.expect(1));
  }
  CHECK(answers.count("stopping") == 1);
  CHECK(answers.each_once());
}

TEST_CASE("sequencer: after a failed commit the batch is indeterminate and the rest unavailable") {
  SequencerFixture fixture;
  Answers answers;
  fixture.store.fail_after(0, StoreFault::fails_persisted);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    fixture.sequencer.submit(fixture.addition(i), answers.expect(i));
  }
  CHECK(fixture.sequencer.run_once() == 3);
  CHECK(answers.count("write-indeterminate") == 3);
  fixture.sequencer.submit(fixture.addition(4), answers.expect(4));
  fixture.sequencer.run_once();
  CHECK(answers.count("write-failed") == 1);
  // Its thread has the log recover before it hands over the next one.
  fixture.sequencer.start();
  fixture.sequencer.submit(fixture.addition(3), answers.expect(5));
  fixture.sequencer.submit(fixture.addition(5), answers.expect(6));
  answers.wait_for(6);
  CHECK(answers.count("") == 2);
  CHECK(fixture.log.view()->size().value == 5);
  CHECK(answers.each_once());
}

TEST_CASE("sequencer: readers on other threads see only whole, growing views (I9)") {
  SequencerFixture fixture;
  Answers answers;
  std::atomic<bool> done = false;
  std::atomic<std::uint64_t> faults = 0;
  std::thread reader([&] {
    std::uint64_t last = 0;
    while (!done) {
      const auto view = fixture.log.view();
      const std::uint64_t size = view->size().value;
      if (size < last || !view->leaf(EntryIndex{size - 1}) || view->leaf(EntryIndex{size})) {
        ++faults;
      }
      last = size;
    }
  });
  fixture.sequencer.start();
  fixture.submit_from_threads(2, 30, answers);
  answers.wait_for(60);
  done = true;
  reader.join();
  CHECK(faults == 0);
}

}  // namespace cpl::testing::sequencer_test
