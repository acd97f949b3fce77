// An HTTP load on the loopback, made so light that it takes little from the server it shares the
// machine with: raw sockets, prepared requests, and of the answers only what is needed.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl::bench {

struct Load {
  std::uint16_t port = 0;
  std::span<const Bytes> requests;  // Each is sent once.
  std::size_t connections = 48;     // Kept alive.
  unsigned threads = 2;
  // Requests a second, sent when they are due whatever the answers do; a latency then counts from
  // when its request was due. None: every connection sends as soon as it was answered.
  std::optional<double> rate;
  std::chrono::milliseconds time_max{30'000};
};

struct LoadResult {
  double seconds = 0;
  std::map<unsigned, std::uint64_t> statuses;
  std::vector<double> latencies_ms;
};

Result<LoadResult> run_load(const Load& load);

Bytes get_request(const std::string& target);
Bytes post_request(const std::string& target, BytesView body,
                   std::string_view content_type = "text/plain");

// One request, which is to be answered with that status.
Result<void> post(std::uint16_t port, const Bytes& request, unsigned status);

// One request, one answer's body; for what comes before and after a load.
Result<Bytes> fetch(std::uint16_t port, const std::string& target);

}  // namespace cpl::bench
