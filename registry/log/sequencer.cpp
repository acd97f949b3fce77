#include "registry/log/sequencer.hpp"

#include <algorithm>

namespace cpl {
namespace {

bool is_new_entry(const Result<Accepted>& answer) { return answer && !answer->repeated; }

}  // namespace

Sequencer::Sequencer(Log& log, Options options, std::function<void()> on_commit)
    : log_(log), options_(options), on_commit_(std::move(on_commit)) {}

Sequencer::~Sequencer() { stop(); }

// How many wait now, this one included; it is taken out of `waiting` only then.
Result<std::size_t> Sequencer::enqueue(Waiting& waiting) {
  const Lock lock(mutex_);
  if (stopping_) {
    return Error{Errc::unavailable, "stopping", "the registry is stopping: try again soon"};
  }
  if (queue_.size() >= options_.queue_max) {
    return Error{Errc::overloaded, "overloaded",
                 "more statements are waiting than the registry takes at once: try again in a "
                 "second"};
  }
  queue_.push_back(std::move(waiting));
  return queue_.size();
}

void Sequencer::submit(SignedStatement statement, Done done) {
  Waiting waiting{std::move(statement), std::move(done)};
  const auto place = enqueue(waiting);
  if (!place) return waiting.done(place.error());
  if (*place == 1) wake_.notify_one();
  if (*place == options_.batch_max) full_.notify_one();
}

void Sequencer::start() {
  check(!thread_.joinable());
  thread_ = std::thread([this] { run(); });
}

void Sequencer::stop() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  full_.notify_one();
  if (thread_.joinable()) thread_.join();
  std::deque<Waiting> left;
  {
    const Lock lock(mutex_);
    left.swap(queue_);
  }
  for (Waiting& waiting : left) {
    waiting.done(Error{Errc::unavailable, "stopping", "the registry is stopping: try again soon"});
  }
}

std::deque<Sequencer::Waiting> Sequencer::take() {
  const Lock lock(mutex_);
  std::deque<Waiting> taken;
  while (!queue_.empty() && taken.size() < options_.batch_max) {
    taken.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return taken;
}

std::size_t Sequencer::run_once() {
  std::deque<Waiting> taken = take();
  if (taken.empty()) return 0;
  std::vector<SignedStatement> statements;
  statements.reserve(taken.size());
  for (Waiting& waiting : taken) statements.push_back(std::move(waiting.statement));
  const UptimeStopwatch watch;
  const auto began = watch.elapsed();
  auto answers = log_.append(std::move(statements));
  if (std::any_of(answers.begin(), answers.end(), is_new_entry)) {
    commit_times_.add(watch.elapsed() - began);
  }
  check(answers.size() == taken.size());
  for (std::size_t i = 0; i < taken.size(); ++i) taken[i].done(std::move(answers[i]));
  on_commit_();
  return taken.size();
}

bool Sequencer::wait_for_batch(bool busy) {
  Lock lock(mutex_);
  const auto wanted = [&]() REQUIRES(mutex_) { return stopping_ || !queue_.empty(); };
  if (log_.awaits_recovery()) {
    wake_.wait_for(lock, options_.recovery_pause, wanted);
  } else {
    wake_.wait(lock, wanted);
  }
  if (busy) {
    full_.wait_for(lock, options_.gather, [&]() REQUIRES(mutex_) {
      return stopping_ || queue_.size() >= options_.batch_max;
    });
  }
  return !stopping_;
}

void Sequencer::run() {
  bool busy = false;
  while (wait_for_batch(busy)) {
    // Whoever submits meanwhile is not to wait for the pause to end.
    if (log_.awaits_recovery() && log_.recover()) on_commit_();
    busy = run_once() > 1;
  }
}

}  // namespace cpl
