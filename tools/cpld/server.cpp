#include "tools/cpld/server.hpp"

#include <spdlog/spdlog.h>

#include "registry/base/descriptors.hpp"
#include "registry/base/metric_text.hpp"
#include "tools/cpld/files.hpp"

namespace cpl {
namespace {

// What is left for connections.
std::uint64_t not_reserved(const DescriptorShares& shares) {
  return shares.limit - std::min(shares.limit, shares.reserved());
}

}  // namespace

void raise_descriptors(const Config& config) {
  raise_descriptor_limit(config.connections_max + 4'000);
  const DescriptorShares shares = share_descriptors();
  const std::uint64_t left = not_reserved(shares);
  if (left >= config.connections_max) return;
  spdlog::warn(
      "this process may open {} files and sockets, {} of them for itself: no more than about {} "
      "connections find room, not connections_max = {}; raise LimitNOFILE, or ulimit -n",
      shares.limit, shares.reserved(), left, config.connections_max);
}

ServerOptions server_options(const Config& config) {
  ServerOptions options;
  options.address = config.address;
  options.port = config.port;
  options.threads = config.threads;
  options.tls = server_tls(config);
  options.limits.connections_max = config.connections_max;
  options.limits.connections_per_address_max = config.connections_per_address_max;
  options.limits.descriptors_max = static_cast<int>(not_reserved(share_descriptors()));
  options.limits.body_octets_max = config.body_octets_max;
  options.problem_base = config.problem_base;
  options.proxies = config.proxies;
  return options;
}

std::string server_metrics(const ServerStats& stats) {
  MetricText text;
  text.single("cpl_http_requests_total", "counter", "Requests answered.", stats.requests);
  text.single("cpl_http_connections", "gauge", "Open connections.", stats.open);
  text.single("cpl_http_connections_refused_total", "counter", "Connections beyond the limit.",
              stats.refused);
  text.histogram("cpl_http_answer_seconds",
                 "From the end of a request until its answer stood; of a stream, until it began.",
                 stats.answer_times);
  return text.take();
}

}  // namespace cpl
