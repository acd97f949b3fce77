#include "tools/bench/poster.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "notifier/send/tls.hpp"
#include "tools/bench/sockets.hpp"

namespace cpl::bench {
namespace {

using PosterStream = asio::ssl::stream<Socket>;
using PostedRequest = http::request<http::span_body<const char>>;

struct Link {
  std::string host;
  std::string target;
  std::unique_ptr<PosterStream> stream;
  std::uint64_t answered = 0;
};

Awaitable<void> connect(Link& link, std::uint16_t port) {
  boost::system::error_code error;
  auto token = asio::redirect_error(awaited, error);
  link.stream->set_verify_callback(asio::ssl::host_name_verification(link.host));
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  co_await link.stream->next_layer().async_connect(endpoint, token);
  if (error) co_return;
  link.stream->next_layer().set_option(tcp::no_delay(true), error);
  co_await link.stream->async_handshake(asio::ssl::stream_base::client, token);
}

Awaitable<void> post_all(Link& link, const std::vector<Received>& deliveries) {
  boost::system::error_code error;
  auto token = asio::redirect_error(awaited, error);
  boost::beast::flat_buffer buffer;
  for (const Received& delivery : deliveries) {
    PostedRequest request(http::verb::post, link.target, 11);
    request.set(http::field::host, link.host);
    request.set(http::field::content_type, "application/cloudevents+json; charset=utf-8");
    request.set("webhook-id", delivery.id);
    request.set("webhook-timestamp", delivery.timestamp);
    request.body() = {delivery.body.data(), delivery.body.size()};
    request.prepare_payload();
    co_await http::async_write(*link.stream, request, token);
    if (error) co_return;
    http::response<http::string_body> response;
    co_await http::async_read(*link.stream, buffer, response, token);
    if (error || response.result() != http::status::ok) co_return;
    ++link.answered;
  }
}

}  // namespace

Result<double> post_bare(const Receiver& receiver, const Certificate& certificate,
                         std::size_t parties, const std::vector<Received>& deliveries) {
  asio::ssl::context tls = TRY(client_tls_context(certificate.certificate_file));
  asio::io_context context(1);
  std::vector<Link> links(parties);
  for (std::size_t i = 0; i < parties; ++i) {
    links[i].host = receiver.host_of(i);
    links[i].target = "/" + std::to_string(i);
    links[i].stream = std::make_unique<PosterStream>(context.get_executor(), tls);
    asio::co_spawn(context.get_executor(), connect(links[i], receiver.port()), asio::detached);
  }
  context.run();
  context.restart();
  for (Link& link : links) {
    asio::co_spawn(context.get_executor(), post_all(link, deliveries), asio::detached);
  }
  const auto start = std::chrono::steady_clock::now();
  context.run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  for (const Link& link : links) {
    if (link.answered != deliveries.size()) {
      return Error{Errc::unavailable, "posts-failed", "the bare client's posts were not all taken"};
    }
  }
  return static_cast<double>(parties * deliveries.size()) / took.count();
}

}  // namespace cpl::bench
