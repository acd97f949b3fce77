#include "api/server/server.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <thread>

#include "api/server/tls.hpp"
#include "api/server/worker.hpp"

namespace cpl {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

// Whatever else the process has open: so many connections find room.
constexpr int connections_min = 16;
constexpr std::chrono::milliseconds accept_pause{100};

Error cannot_listen(const ServerOptions& options, const Code& reason) {
  return Error{Errc::unavailable, "listen-failed",
               "cannot listen on " + options.address + " port " + std::to_string(options.port) +
                   ": " + reason.message() +
                   ". Choose an address of this machine and a port that is free.",
               0};
}

std::vector<std::unique_ptr<Worker>> make_workers(ServerShared& shared) {
  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned i = 0; i < std::max(1U, shared.options.threads); ++i) {
    workers.push_back(std::make_unique<Worker>(shared));
  }
  return workers;
}

}  // namespace

class Server::Impl final {
 public:
  static Result<std::unique_ptr<Impl>> create(ServerOptions options, HttpHandler handler);
  ~Impl() { stop(); }

  void run();
  void stop();
  void wake_streams() {
    for (const auto& worker : workers_) worker->wake_streams();
  }
  std::uint16_t port() const { return port_; }
  const ServerShared& shared() const { return shared_; }

 private:
  using Acceptor = asio::basic_socket_acceptor<tcp, WorkerExecutor>;

  Impl(ServerOptions options, HttpHandler handler);

  Result<void> listen();
  Awaitable<void> accept();
  void admit(Worker& worker, WorkerSocket socket, const tcp::endpoint& peer);

  ServerShared shared_;
  std::vector<std::unique_ptr<Worker>> workers_;  // Constant after construction.
  Acceptor acceptor_;                             // Owned by the first worker's thread.
  std::uint16_t port_ = 0;                        // Constant after listen().
  std::vector<std::thread> threads_;
  std::once_flag stopped_;
};

Server::Impl::Impl(ServerOptions options, HttpHandler handler)
    : shared_(std::move(options), std::move(handler)),
      workers_(make_workers(shared_)),
      acceptor_(workers_.front()->executor()) {}

Result<std::unique_ptr<Server::Impl>> Server::Impl::create(ServerOptions options,
                                                           HttpHandler handler) {
  std::unique_ptr<Impl> impl(new Impl(std::move(options), std::move(handler)));
  if (impl->shared_.options.tls) {
    impl->shared_.tls = TRY(server_tls_context(*impl->shared_.options.tls));
  }
  TRY_VOID(impl->listen());
  return impl;
}

Result<void> Server::Impl::listen() {
  const ServerOptions& options = shared_.options;
  Code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return cannot_listen(options, error);
  const tcp::endpoint endpoint(address, options.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(options, error);
  port_ = acceptor_.local_endpoint(error).port();
  shared_.connections.keep_descriptors(acceptor_.native_handle() + connections_min);
  return {};
}

void Server::Impl::run() {
  asio::co_spawn(workers_.front()->executor(), accept(), [](const std::exception_ptr& error) {
    check(error == nullptr);  // accept() meets its errors as codes.
  });
  for (const auto& worker : workers_) threads_.emplace_back([&worker] { worker->run(); });
}

// One acceptor deals the connections out in turn: with SO_REUSEPORT the kernel's hash would leave
// the threads unevenly loaded when connections are few and long.
Awaitable<void> Server::Impl::accept() {
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, WorkerExecutor>
      pause(acceptor_.get_executor());
  tcp::endpoint peer;
  Code error;
  auto token = asio::redirect_error(awaited, error);
  for (std::size_t turn = 0; acceptor_.is_open(); ++turn) {
    Worker& worker = *workers_[turn % workers_.size()];
    WorkerSocket socket(worker.executor());
    co_await acceptor_.async_accept(socket, peer, token);
    if (!error) {
      admit(worker, std::move(socket), peer);
    } else if (acceptor_.is_open()) {
      // Most likely out of file descriptors, which only other connections' ends can mend.
      pause.expires_after(accept_pause);
      co_await pause.async_wait(token);
    }
  }
}

void Server::Impl::admit(Worker& worker, WorkerSocket socket, const tcp::endpoint& peer) {
  shared_.accepted.fetch_add(1, std::memory_order_relaxed);
  Code ignored;
  // Without it a response in two segments meets Nagle and delayed acknowledgement: 40 ms each.
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  auto room = shared_.connections.take(peer.address().to_string(), socket.native_handle());
  if (room == nullptr) return turn_away(*workers_.front(), std::move(socket));
  asio::post(worker.executor(),
             [&worker, room = std::move(room), socket = std::move(socket)]() mutable {
               serve(worker, std::move(socket), std::move(room));
             });
}

void Server::Impl::stop() {
  std::call_once(stopped_, [this] {
    if (threads_.empty()) return;  // Never ran.
    shared_.stopping = true;
    // Only when nothing is accepted any more: a connection admitted before is then served before
    // its worker drains.
    std::promise<void> closed;
    asio::post(workers_.front()->executor(), [this, &closed] {
      Code ignored;
      acceptor_.close(ignored);
      closed.set_value();
    });
    closed.get_future().wait();
    for (const auto& worker : workers_) worker->drain();
    for (std::thread& thread : threads_) thread.join();
  });
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, HttpHandler handler) {
  auto impl = TRY(Impl::create(std::move(options), std::move(handler)));
  impl->run();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const { return impl_->port(); }

ServerStats Server::stats() const {
  const ServerShared& shared = impl_->shared();
  return {.accepted = shared.accepted.load(std::memory_order_relaxed),
          .open = shared.connections.open(),
          .requests = shared.requests.load(std::memory_order_relaxed),
          .refused = shared.connections.refused(),
          .answer_times = shared.answer_times.counts()};
}

void Server::wake_streams() { impl_->wake_streams(); }

void Server::stop() { impl_->stop(); }

}  // namespace cpl
