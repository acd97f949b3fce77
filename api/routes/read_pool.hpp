// Threads for what takes long to answer, so that what does not never waits behind it. Addresses
// take turns, and none has all the threads: whoever asks much waits for himself.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "crypto/mutex.hpp"

namespace cpl {

class ReadPool {
 public:
  struct Options {
    unsigned threads = 2;
    std::size_t waiting_max = 4'096;
    std::size_t waiting_per_address_max = 1'024;
  };
  struct Stats {
    std::size_t waiting = 0;
    std::uint64_t refused = 0;
  };
  using Work = std::function<void()>;

  explicit ReadPool(const Options& options);
  ~ReadPool();  // Stops.
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;

  // False: too much waits, of this address or of all; the work was not taken. Any thread.
  bool run(const std::string& address, Work work);
  Stats stats() const;
  // Ends what is under way; what waits is dropped.
  void stop();

 private:
  // What one address has asked for.
  struct Lane {
    std::string address;
    std::deque<Work> waiting;
    std::size_t active = 0;
  };
  using Lanes = std::list<Lane>;

  void serve();
  Lanes::iterator next_lane() REQUIRES(mutex_);
  void leave(Lanes::iterator lane) REQUIRES(mutex_);

  const Options options_;
  const std::size_t active_per_address_max_;
  mutable Mutex mutex_;
  Condition wake_;
  Lanes lanes_ GUARDED_BY(mutex_);  // Whose turn it is stands first.
  std::unordered_map<std::string, Lanes::iterator> by_address_ GUARDED_BY(mutex_);
  std::size_t waiting_ GUARDED_BY(mutex_) = 0;
  std::uint64_t refused_ GUARDED_BY(mutex_) = 0;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace cpl
