#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <thread>

#include "tools/bench/peers.hpp"
#include "tools/bench/sockets.hpp"

namespace cpl::bench {
namespace {

using Bodies = std::map<std::string, Bytes>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

Awaitable<void> serve(Socket socket, const Bodies& bodies) {
  boost::system::error_code error;
  auto token = asio::redirect_error(awaited, error);
  socket.set_option(tcp::no_delay(true), error);
  boost::beast::flat_buffer buffer;
  while (!error) {
    http::request<http::empty_body> request;
    co_await http::async_read(socket, buffer, request, token);
    if (error) break;
    http::response<http::span_body<const char>> response(http::status::not_found, 11);
    const auto found = bodies.find(std::string(request.target()));
    if (found != bodies.end()) {
      response.result(http::status::ok);
      response.body() = {found->second.data(), found->second.size()};
    }
    response.set(http::field::server, "bare");
    response.set(http::field::content_type, "application/octet-stream");
    response.prepare_payload();
    co_await http::async_write(socket, response, token);
  }
}

Awaitable<void> accept(Acceptor& acceptor, const Bodies& bodies) {
  boost::system::error_code error;
  auto token = asio::redirect_error(awaited, error);
  while (true) {
    Socket socket(acceptor.get_executor());
    co_await acceptor.async_accept(socket, token);
    if (error) co_return;
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), bodies), asio::detached);
  }
}

}  // namespace

class BeastServer::Impl {
 public:
  Impl(Bodies bodies, unsigned threads) : bodies_(std::move(bodies)) {
    tcp::endpoint endpoint(asio::ip::address_v4::loopback(), 0);
    for (unsigned i = 0; i < threads; ++i) {
      contexts_.push_back(std::make_unique<asio::io_context>(1));
      Acceptor acceptor(contexts_.back()->get_executor());
      acceptor.open(endpoint.protocol());
      acceptor.set_option(ReusePort(true));
      acceptor.bind(endpoint);
      acceptor.listen();
      endpoint = acceptor.local_endpoint();  // Of the first, for the others.
      acceptors_.push_back(std::move(acceptor));
    }
    port_ = endpoint.port();
    for (unsigned i = 0; i < threads; ++i) {
      asio::co_spawn(contexts_[i]->get_executor(), accept(acceptors_[i], bodies_), asio::detached);
      threads_.emplace_back([context = contexts_[i].get()] { context->run(); });
    }
  }

  ~Impl() {
    for (const auto& context : contexts_) context->stop();
    for (std::thread& thread : threads_) thread.join();
  }

  std::uint16_t port() const { return port_; }

 private:
  const Bodies bodies_;
  std::vector<std::unique_ptr<asio::io_context>> contexts_;
  std::vector<Acceptor> acceptors_;
  std::vector<std::thread> threads_;
  std::uint16_t port_ = 0;
};

BeastServer::BeastServer(std::map<std::string, Bytes> bodies, unsigned threads)
    : impl_(std::make_unique<Impl>(std::move(bodies), threads)) {}
BeastServer::~BeastServer() = default;

std::uint16_t BeastServer::port() const { return impl_->port(); }

}  // namespace cpl::bench
