// Many readers of one event stream, in one thread: what each does is kept so small that it is the
// server that is measured. The same for every server.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/mutex.hpp"
#include "crypto/result.hpp"

namespace cpl::bench {

class Subscribers {
 public:
  // `mark` is in every message exactly once, near its end. The last `stalled` of them never read.
  static Result<std::unique_ptr<Subscribers>> connect(std::uint16_t port, const std::string& target,
                                                      const std::string& mark, std::size_t count,
                                                      std::size_t stalled = 0);
  ~Subscribers();
  Subscribers(const Subscribers&) = delete;
  Subscribers& operator=(const Subscribers&) = delete;

  // From now on received messages are counted anew and timed from here.
  void expect();
  // Waits until everybody who reads has so many messages since expect().
  Result<void> await(std::uint64_t each, std::chrono::milliseconds time_max);
  // Milliseconds from expect() to each message's arrival.
  std::vector<double> latencies_ms();

 private:
  using Clock = std::chrono::steady_clock;
  struct Reader {
    int socket = -1;
    std::string tail;  // What may be the first half of a mark.
  };

  Subscribers(std::string mark, std::size_t reading);
  void run();
  void read_from(Reader& reader, Clock::time_point now);

  const std::string mark_;
  const std::size_t reading_;
  const int epoll_;
  std::vector<Reader> readers_;  // Owned by the thread once it runs.
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> received_{0};
  Mutex mutex_;
  Clock::time_point expected_since_;  // Guarded by mutex_, as is the next.
  std::vector<double> latencies_ms_;
  std::thread thread_;
};

}  // namespace cpl::bench
