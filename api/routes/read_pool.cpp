#include "api/routes/read_pool.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <exception>

namespace cpl {
namespace {

// Behind the threads that serve the sockets wherever the machine is busy. A system that does not
// allow it shares its time out evenly.
void step_back() {
  constexpr int courtesy = 10;
  const int refused = ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), courtesy);
  static_cast<void>(refused);
}

}  // namespace

ReadPool::ReadPool(const Options& options)
    : options_(options), active_per_address_max_(std::max(1U, options.threads - 1)) {
  for (unsigned i = 0; i < options.threads; ++i) threads_.emplace_back([this] { serve(); });
}

ReadPool::~ReadPool() { stop(); }

void ReadPool::stop() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  Lanes dropped;
  {
    const Lock lock(mutex_);
    by_address_.clear();
    dropped.swap(lanes_);
    waiting_ = 0;
  }
}

bool ReadPool::run(const std::string& address, Work work) {
  {
    const Lock lock(mutex_);
    const auto known = by_address_.find(address);
    const std::size_t of_one = known == by_address_.end() ? 0 : known->second->waiting.size();
    if (stopping_ || waiting_ >= options_.waiting_max ||
        of_one >= options_.waiting_per_address_max) {
      ++refused_;
      return false;
    }
    auto lane = known == by_address_.end() ? lanes_.end() : known->second;
    if (lane == lanes_.end()) {
      lane = lanes_.insert(lanes_.end(), Lane{address, {}, 0});
      by_address_.emplace(address, lane);
    }
    lane->waiting.push_back(std::move(work));
    ++waiting_;
  }
  wake_.notify_one();
  return true;
}

ReadPool::Lanes::iterator ReadPool::next_lane() {
  return std::find_if(lanes_.begin(), lanes_.end(), [&](const Lane& lane) {
    return !lane.waiting.empty() && lane.active < active_per_address_max_;
  });
}

void ReadPool::leave(Lanes::iterator lane) {
  --lane->active;
  if (lane->active == 0 && lane->waiting.empty()) {
    by_address_.erase(lane->address);
    lanes_.erase(lane);
  }
}

void ReadPool::serve() {
  step_back();
  Lock lock(mutex_);
  while (true) {
    auto lane = lanes_.end();
    wake_.wait(lock, [&]() REQUIRES(mutex_) {
      lane = next_lane();
      return stopping_ || lane != lanes_.end();
    });
    if (stopping_) return;
    Work work = std::move(lane->waiting.front());
    lane->waiting.pop_front();
    --waiting_;
    ++lane->active;
    lanes_.splice(lanes_.end(), lanes_, lane);  // The others come first now.
    lock.unlock();
    try {
      work();
    } catch (const std::exception&) {
      // As on the server's threads, the end of this request and nothing more.
    }
    work = nullptr;  // What it holds may take long to let go.
    lock.lock();
    leave(lane);
    // One of the address may go now that waited for this one.
    wake_.notify_one();
  }
}

ReadPool::Stats ReadPool::stats() const {
  const Lock lock(mutex_);
  return {waiting_, refused_};
}

}  // namespace cpl
