// The only writer: turns concurrent submissions into batches. It takes the whole queue each time,
// so what arrives while one batch is being made durable is the next batch. A batch costs two syncs
// and a signature however many statements it holds: where several came together, others are on
// their way, and it waits a little for them. A lone submitter never waits.
#pragma once

#include <deque>
#include <thread>

#include "crypto/mutex.hpp"
#include "registry/base/histogram.hpp"
#include "registry/log/log.hpp"

namespace cpl {

class Sequencer {
 public:
  using Done = std::function<void(Result<Accepted>)>;

  struct Options {
    std::size_t queue_max = 4096;  // Beyond it submissions are refused: the rate limit.
    std::size_t batch_max = 1024;
    std::chrono::microseconds gather{2000};
    std::chrono::milliseconds recovery_pause{250};  // Between two attempts.
  };

  // `on_commit` runs on the writer thread after each batch; it must only wake others.
  // The log outlives the sequencer.
  Sequencer(Log& log, Options options, std::function<void()> on_commit);
  ~Sequencer();  // Stops.
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  // Any thread; returns at once. `done` runs exactly once, on the writer thread or, for a refusal
  // of the queue, on the caller's.
  void submit(SignedStatement statement, Done done);

  void start();  // Starts the writer thread.
  void stop();   // Finishes the batch in hand; what waits is answered `unavailable`.

  // Orders and commits what is queued; the number of statements taken. The thread calls this, and
  // a simulator instead of it.
  std::size_t run_once();

  // Of the batches that brought new entries: from taking them up until they were durable, signed
  // and shown. Any thread.
  HistogramCounts commit_times() const { return commit_times_.counts(); }

 private:
  struct Waiting {
    SignedStatement statement;
    Done done;
  };

  Result<std::size_t> enqueue(Waiting& waiting);
  void run();
  // Until there is one, or recovery is to be tried; false when stopping.
  bool wait_for_batch(bool busy);
  std::deque<Waiting> take();

  Log& log_;
  const Options options_;
  const std::function<void()> on_commit_;

  Mutex mutex_;
  Condition wake_;  // There is something to do.
  Condition full_;  // There is a whole batch to do.
  std::deque<Waiting> queue_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  Histogram commit_times_;
  std::thread thread_;
};

}  // namespace cpl
