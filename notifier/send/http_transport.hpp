// Delivers over HTTPS to hosts that strangers chose: bound to the rules of target_rules.hpp, to
// the address that was checked, and to limits of time and size. Follows no redirect and no proxy.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "notifier/send/endpoint_tls.hpp"
#include "notifier/send/target_rules.hpp"
#include "notifier/send/transport.hpp"

namespace cpl {

// All addresses of a host name. May block; runs on threads of its own, several at a time.
using HostResolver = std::function<Result<std::vector<IpAddress>>(const std::string& host)>;

// The operating system's: files, DNS.
Result<std::vector<IpAddress>> resolve_by_system(const std::string& host);

struct HttpTransportOptions {
  unsigned threads = 1;
  TargetRules rules;
  EndpointTls tls;  // Of the hosts that are not in the next.
  std::map<std::string, EndpointTls> tls_by_host{};
  HostResolver resolve = resolve_by_system;
  std::size_t per_host_max = 8;     // Attempts at a time of one owner to one host and port,
  std::size_t in_flight_max = 256;  // and in all. Further ones wait.
  // Connections kept for reuse, per thread: one for each receiver that is far behind, since to
  // make one anew costs more than some twenty deliveries.
  std::size_t idle_max = 1'000;
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds tls_handshake{5'000};
  std::chrono::milliseconds attempt{20'000};  // All in all, waiting not counted.
  std::chrono::milliseconds idle{30'000};
  std::chrono::milliseconds stop_grace{10'000};
};

class HttpTransport final : public Transport {
 public:
  static Result<std::unique_ptr<HttpTransport>> create(HttpTransportOptions options);

  ~HttpTransport() override;  // Stops.
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;

  // What waits for its turn is bounded by the callers. After stop() `done` runs in the call.
  void send(OutgoingMessage message, Done done) override;

  // Turns away what waits, gives attempts under way `stop_grace`, and returns when every `done`
  // has run. Not from a `done`.
  void stop();

 private:
  class Impl;
  explicit HttpTransport(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace cpl
