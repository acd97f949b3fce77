// The HTTP/1.1 server: sockets in, HttpRequests out. It bounds what a peer may send, how long it
// may take and how many may come, and answers by itself what never becomes a request.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/http/client_address.hpp"
#include "api/http/http.hpp"
#include "crypto/result.hpp"
#include "registry/base/histogram.hpp"

namespace cpl {

struct ServerTls {
  std::filesystem::path certificate_chain_file;  // PEM, the server's own certificate first.
  std::filesystem::path private_key_file;        // PEM, unencrypted.
  // PEM: who may vouch for clients. Empty: clients are not asked for a certificate. With it a
  // certificate is optional, but one that does not verify ends the handshake.
  std::filesystem::path client_ca_file;
};

// Whether these files can be used.
Result<void> check_server_tls(const ServerTls& files);

struct ServerLimits {
  std::uint32_t header_octets_max = 16 * 1024;
  std::uint64_t body_octets_max = 1024 * 1024;
  std::uint64_t connections_max = 10'000;
  std::uint64_t connections_per_address_max = 500;  // But for the proxies that are named.
  // A connection whose descriptor is this or higher finds no room: what is left of the process's
  // descriptors is for what it must open itself.
  int descriptors_max = std::numeric_limits<int>::max() / 2;
  std::chrono::milliseconds idle{60'000};         // Between two requests.
  std::chrono::milliseconds header_read{10'000};  // From a request's first octet; TLS handshake.
  std::chrono::milliseconds body_read{30'000};    // From the end of the header.
  std::chrono::milliseconds write{30'000};        // Without the peer taking anything.
  std::chrono::milliseconds drain{10'000};        // For requests in hand when stopping.
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free port.
  unsigned threads = 2;
  std::optional<ServerTls> tls;  // None: plain HTTP.
  ServerLimits limits;
  ProxyRules proxies;  // Who may say for whom they ask.
  // What the "type" of the server's own problem documents begins with (RFC 9457).
  std::string problem_base = "about:blank#";
};

// Since the start, except `open`.
struct ServerStats {
  std::uint64_t accepted = 0;
  std::uint64_t open = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;  // Connections beyond a limit.
  // From a request's last octet until its answer stood; of a stream, until it began.
  HistogramCounts answer_times{};
};

class Server final {
 public:
  // `handler` runs on the server's threads, several at a time, and must not block for long.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, HttpHandler handler);

  ~Server();  // Stops.
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  ServerStats stats() const;

  // Any thread, and cheap: something was published, so streams that wait are to be asked again.
  void wake_streams();

  // Accepts no more, closes idle connections, gives requests in hand `drain` to finish, and
  // returns when every thread has ended. Not from a handler.
  void stop();

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace cpl
