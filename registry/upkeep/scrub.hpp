// Reads the whole database again and again while the service runs: what has gone bad on the disk is
// found before somebody asks for it, and before the log is built upon.
#pragma once

#include <atomic>
#include <thread>

#include "crypto/mutex.hpp"
#include "registry/store/rocks_store.hpp"

namespace cpl {

class Scrub {
 public:
  using Found = std::function<void(const std::vector<StoreFault>&)>;

  // `found` is called on the scrub's own thread, with one fault at least; no more is read then. The
  // store is one of RocksStore's, and outlives the scrub.
  Scrub(const Store& store, std::chrono::seconds interval, Found found);
  ~Scrub();
  Scrub(const Scrub&) = delete;
  Scrub& operator=(const Scrub&) = delete;

  void start();
  void stop();
  std::uint64_t passes() const { return passes_.load(); }  // Without a fault. Any thread.

 private:
  void run();

  const Store& store_;
  const std::chrono::seconds interval_;
  const Found found_;
  std::atomic<std::uint64_t> passes_ = 0;
  std::atomic<bool> stopping_ = false;
  Mutex mutex_;
  Condition wake_;
  std::thread thread_;
};

}  // namespace cpl
