#include "tools/bench/load.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <thread>

#include "crypto/encoding.hpp"

namespace cpl::bench {
namespace {

using Clock = std::chrono::steady_clock;

Error load_error(std::string detail) {
  return Error{Errc::unavailable, "load-failed", "the load failed: " + std::move(detail)};
}

class Connection {
 public:
  static Result<Connection> open(std::uint16_t port) {
    Connection made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    if (setsockopt(made.socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0 ||
        connect(made.socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      return load_error("no connection to port " + std::to_string(port));
    }
    return made;
  }
  Connection(Connection&& other) noexcept
      : since(other.since),
        socket_(std::exchange(other.socket_, -1)),
        received_(std::move(other.received_)) {}
  Connection& operator=(Connection&&) = delete;
  ~Connection() {
    if (socket_ >= 0) close(socket_);
  }

  int socket() const { return socket_; }

  Result<void> send(BytesView request) {
    while (!request.empty()) {
      const ssize_t sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
      if (sent <= 0) return load_error("a request could not be sent");
      request.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
  }

  // Takes in what has come; whether the answer is complete. `body` then holds it.
  Result<bool> receive() {
    std::array<char, 65536> octets;
    const ssize_t count = recv(socket_, octets.data(), octets.size(), 0);
    if (count <= 0) return load_error("the server closed a connection");
    received_.append(octets.data(), static_cast<std::size_t>(count));
    const auto end = received_.find("\r\n\r\n");
    if (end == received_.npos) return false;
    const BytesView head = BytesView(received_).substr(0, end + 2);
    const auto at = head.find("Content-Length: ");
    if (at == head.npos || head.size() < 12) return load_error("an answer has no length");
    const BytesView rest = head.substr(at + 16);
    const auto length = from_decimal(rest.substr(0, rest.find('\r')));
    const auto code = from_decimal(head.substr(9, 3));
    if (!length || !code) return load_error("an answer is malformed");
    if (received_.size() < end + 4 + *length) return false;
    status = static_cast<unsigned>(*code);
    body = received_.substr(end + 4);
    received_.clear();
    return true;
  }

  Clock::time_point since;  // When the request in hand was sent or, with a rate, due.
  unsigned status = 0;
  Bytes body;

 private:
  explicit Connection(int socket) : socket_(socket) { check(socket_ >= 0); }

  int socket_;
  Bytes received_;
};

// Every `stride`-th request of a load, from `first` on, over this thread's own connections.
class Sender {
 public:
  Sender(const Load& load, unsigned first, Clock::time_point start)
      : load_(load), next_(first), start_(start) {}

  Result<void> run() {
    const std::size_t mine = std::max<std::size_t>(1, load_.connections / load_.threads);
    for (std::size_t i = 0; i < mine; ++i) {
      connections_.push_back(TRY(Connection::open(load_.port)));
      idle_.push_back(i);
    }
    polled_.assign(mine, pollfd{-1, POLLIN, 0});
    while (next_ < load_.requests.size() || idle_.size() < mine) {
      if (Clock::now() > start_ + load_.time_max) return load_error("it took too long");
      TRY_VOID(send_due());
      TRY_VOID(wait_and_receive());
    }
    return {};
  }

  LoadResult result;

 private:
  Clock::time_point due() const {
    if (!load_.rate) return Clock::now();
    const std::chrono::duration<double> after(static_cast<double>(next_) / *load_.rate);
    return start_ + std::chrono::duration_cast<Clock::duration>(after);
  }

  Result<void> send_due() {
    while (!idle_.empty() && next_ < load_.requests.size()) {
      const auto when = due();
      if (when > Clock::now()) return {};
      const std::size_t which = idle_.front();
      idle_.pop_front();
      Connection& connection = connections_[which];
      connection.since = when;
      TRY_VOID(connection.send(load_.requests[next_]));
      polled_[which].fd = connection.socket();
      next_ += load_.threads;
    }
    return {};
  }

  Result<void> wait_and_receive() {
    auto until = start_ + load_.time_max;
    if (!idle_.empty() && next_ < load_.requests.size()) until = std::min(until, due());
    const auto left = std::max(Clock::duration::zero(), until - Clock::now());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec timeout{seconds.count(), std::chrono::nanoseconds(left - seconds).count()};
    if (ppoll(polled_.data(), polled_.size(), &timeout, nullptr) < 0) {
      return load_error("waiting failed");
    }
    const auto now = Clock::now();
    for (std::size_t i = 0; i < polled_.size(); ++i) {
      if (polled_[i].fd < 0 || polled_[i].revents == 0) continue;
      if (!TRY(connections_[i].receive())) continue;
      ++result.statuses[connections_[i].status];
      result.latencies_ms.push_back(
          std::chrono::duration<double, std::milli>(now - connections_[i].since).count());
      polled_[i].fd = -1;
      idle_.push_back(i);
    }
    return {};
  }

  const Load& load_;
  std::size_t next_;
  const Clock::time_point start_;
  std::vector<Connection> connections_;
  std::vector<pollfd> polled_;    // Of the connections that await an answer; the others have -1.
  std::deque<std::size_t> idle_;  // Connections without a request, the longest idle first.
};

}  // namespace

Result<LoadResult> run_load(const Load& load) {
  const auto start = Clock::now();
  std::vector<std::unique_ptr<Sender>> senders;
  std::vector<Result<void>> ends(load.threads, Result<void>());
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < load.threads; ++t) {
    senders.push_back(std::make_unique<Sender>(load, t, start));
    threads.emplace_back([&ends, t, sender = senders.back().get()] { ends[t] = sender->run(); });
  }
  for (std::thread& thread : threads) thread.join();
  LoadResult all;
  all.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  for (unsigned t = 0; t < load.threads; ++t) {
    TRY_VOID(ends[t]);
    const LoadResult& one = senders[t]->result;
    for (const auto& [status, count] : one.statuses) all.statuses[status] += count;
    all.latencies_ms.insert(all.latencies_ms.end(), one.latencies_ms.begin(),
                            one.latencies_ms.end());
  }
  return all;
}

Bytes get_request(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: bench\r\n\r\n";
}

Bytes post_request(const std::string& target, BytesView body, std::string_view content_type) {
  return "POST " + target + " HTTP/1.1\r\nHost: bench\r\nContent-Type: " + Bytes(content_type) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + Bytes(body);
}

Result<void> post(std::uint16_t port, const Bytes& request, unsigned status) {
  const LoadResult result = TRY(run_load({port, {&request, 1}, 1, 1, {}}));
  const auto answered = result.statuses.find(status);
  if (answered != result.statuses.end() && answered->second == 1) return {};
  return Error{Errc::unavailable, "post-failed", "a post was refused"};
}

Result<Bytes> fetch(std::uint16_t port, const std::string& target) {
  Connection connection = TRY(Connection::open(port));
  TRY_VOID(connection.send(get_request(target)));
  while (!TRY(connection.receive())) {
  }
  if (connection.status != 200) {
    return load_error(target + " was answered " + std::to_string(connection.status));
  }
  return std::move(connection.body);
}

}  // namespace cpl::bench
