#include "tools/bench/subscribers.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace cpl::bench {
namespace {

constexpr std::size_t octets_max = 64 * 1024;
constexpr int events_max = 512;

Error failed(const std::string& detail) {
  return Error{Errc::unavailable, "subscribers-failed", detail};
}

// Connected, and told by the server that it streams.
Result<int> subscribe(std::uint16_t port, const std::string& target, bool stalled) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) return failed("no socket is left for a subscriber");
  const int small = 4096;
  if (stalled) setsockopt(made, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::string request =
      "GET " + target + " HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n";
  std::array<char, 15> status{};
  const bool streams =
      ::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
      ::send(made, request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size()) &&
      ::recv(made, status.data(), status.size(), MSG_WAITALL) == std::ssize(status) &&
      std::string_view(status.data(), status.size()) == "HTTP/1.1 200 OK";
  if (streams) return made;
  ::close(made);
  return failed("a subscriber was not served");
}

}  // namespace

Subscribers::Subscribers(std::string mark, std::size_t reading)
    : mark_(std::move(mark)), reading_(reading), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  check(epoll_ >= 0);
}

Result<std::unique_ptr<Subscribers>> Subscribers::connect(std::uint16_t port,
                                                          const std::string& target,
                                                          const std::string& mark,
                                                          std::size_t count, std::size_t stalled) {
  std::unique_ptr<Subscribers> made(new Subscribers(mark, count - stalled));
  made->readers_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const bool stalls = i >= count - stalled;
    Reader& reader = made->readers_[i];
    reader.socket = TRY(subscribe(port, target, stalls));
    if (stalls) continue;
    ::fcntl(reader.socket, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &reader;
    check(::epoll_ctl(made->epoll_, EPOLL_CTL_ADD, reader.socket, &event) == 0);
  }
  made->thread_ = std::thread([raw = made.get()] { raw->run(); });
  return made;
}

Subscribers::~Subscribers() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  for (const Reader& reader : readers_) {
    if (reader.socket >= 0) ::close(reader.socket);
  }
  ::close(epoll_);
}

void Subscribers::run() {
  std::array<epoll_event, events_max> events{};
  while (!stopping_) {
    const int ready = ::epoll_wait(epoll_, events.data(), events_max, 50);
    const auto now = Clock::now();
    for (int i = 0; i < ready; ++i)
      read_from(*static_cast<Reader*>(events[static_cast<std::size_t>(i)].data.ptr), now);
  }
}

void Subscribers::read_from(Reader& reader, Clock::time_point now) {
  thread_local std::vector<char> octets(octets_max);
  std::copy(reader.tail.begin(), reader.tail.end(), octets.begin());
  const std::size_t kept = reader.tail.size();
  const ssize_t count = ::recv(reader.socket, octets.data() + kept, octets_max - kept, 0);
  if (count <= 0) {
    if (count == 0) ::epoll_ctl(epoll_, EPOLL_CTL_DEL, reader.socket, nullptr);
    return;
  }
  const std::string_view text(octets.data(), kept + static_cast<std::size_t>(count));
  std::uint64_t messages = 0;
  std::size_t past = 0;
  for (auto at = text.find(mark_); at != text.npos; at = text.find(mark_, past)) {
    past = at + mark_.size();
    ++messages;
  }
  const std::string_view rest = text.substr(past);
  reader.tail = rest.substr(rest.size() - std::min(rest.size(), mark_.size() - 1));
  if (messages == 0) return;
  {
    const Lock lock(mutex_);
    const std::chrono::duration<double, std::milli> late = now - expected_since_;
    latencies_ms_.insert(latencies_ms_.end(), messages, late.count());
  }
  received_ += messages;
}

void Subscribers::expect() {
  const Lock lock(mutex_);
  received_ = 0;
  latencies_ms_.clear();
  expected_since_ = Clock::now();
}

Result<void> Subscribers::await(std::uint64_t each, std::chrono::milliseconds time_max) {
  const auto end = Clock::now() + time_max;
  while (received_ < each * reading_) {
    if (Clock::now() > end) {
      return failed("of " + std::to_string(each * reading_) + " messages only " +
                    std::to_string(received_) + " came");
    }
    ::poll(nullptr, 0, 1);
  }
  return {};
}

std::vector<double> Subscribers::latencies_ms() {
  const Lock lock(mutex_);
  return latencies_ms_;
}

}  // namespace cpl::bench
