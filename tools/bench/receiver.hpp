// The receivers of many Parties as one Beast server over TLS: it consents, gives challenges back,
// and of every event knows when it came and whether one before it is missing.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.hpp"
#include "registry/tlog/entry.hpp"
#include "tools/bench/certificate.hpp"

namespace cpl::bench {

// A delivery as it came.
struct Received {
  std::string id;
  std::string timestamp;
  std::string signature;
  Bytes body;
};

class Receiver {
 public:
  static inline const std::string domain = "bench.example";

  Receiver(const Certificate& certificate, std::size_t parties);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::uint16_t port() const;
  std::string host_of(std::size_t party) const;
  std::string url_of(std::size_t party) const;

  // From now on the first so many take requests and never answer.
  void hang(std::size_t parties);
  // From now on each Party is to get the events of all entries from this one on, one after the
  // other, and arrivals are timed from here.
  void expect(EntryIndex from);
  // Waits until so many came in all, what came twice counted once. Errors also where one is
  // missing before another.
  Result<void> await(std::uint64_t events, std::chrono::milliseconds time_max);
  // Since expect().
  std::uint64_t received() const;
  std::uint64_t repeated() const;
  std::vector<double> latencies_ms() const;
  // What the last Party got since expect(), at most so many deliveries.
  static constexpr std::size_t kept_max = 1'000;
  std::vector<Received> kept() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cpl::bench
