// Somebody between a client and a registry: each request is answered as the test says, true or not,
// whole, without end, drop by drop, or never.
#pragma once

#include <poll.h>

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "crypto/bytes.hpp"
#include "tests/support/loopback_listener.hpp"

namespace cpl::testing {

struct ProxyRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  Bytes body;
};

enum class Manner : std::uint8_t { whole, cut_short, endless, dripping, silent };

struct ProxyAnswer {
  unsigned status = 200;
  std::string content_type = "application/json";
  Bytes body;
  Manner manner = Manner::whole;
  std::string more_headers{};  // Whole lines.
};

class LyingProxy {
 public:
  using Tell = std::function<ProxyAnswer(const ProxyRequest&)>;  // Any thread.

  explicit LyingProxy(Tell tell) : tell_(std::move(tell)) {
    accepting_ = std::thread([this] { accept(); });
  }
  ~LyingProxy() {
    ended_ = true;
    listener_.end();
    accepting_.join();
    for (std::thread& thread : answering_) thread.join();
  }
  LyingProxy(const LyingProxy&) = delete;
  LyingProxy& operator=(const LyingProxy&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(listener_.port()); }

 private:
  void accept() {
    for (int peer = -1; (peer = listener_.accept()) >= 0;) {
      answering_.emplace_back([this, peer] {
        serve(peer);
        ::close(peer);
      });
    }
  }

  // One request of each connection.
  void serve(int peer) const {
    const auto request = read(peer);
    if (!request) return;
    const ProxyAnswer answer = tell_(*request);
    const bool chunked = answer.manner == Manner::endless || answer.manner == Manner::dripping;
    if (answer.manner == Manner::silent) return wait(peer);
    const std::string length =
        chunked ? "Transfer-Encoding: chunked\r\n"
                : "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    const std::string head = "HTTP/1.1 " + std::to_string(answer.status) +
                             " As told\r\nContent-Type: " + answer.content_type + "\r\n" + length +
                             answer.more_headers + "Connection: close\r\n\r\n";
    if (!send(peer, head)) return;
    if (answer.manner == Manner::whole) send(peer, answer.body);
    if (answer.manner == Manner::cut_short)
      send(peer, answer.body.substr(0, answer.body.size() / 2));
    const Bytes piece(chunked && answer.manner == Manner::endless ? 1U << 20U : 1U, ' ');
    while (chunked && !ended_ && send(peer, chunk_of(piece))) {
      if (answer.manner == Manner::dripping) pause(peer);
    }
  }

  static Bytes chunk_of(const Bytes& piece) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string size;
    for (std::size_t left = piece.size(); left > 0; left /= 16)
      size.insert(0, 1, digits[left % 16]);
    return size + "\r\n" + piece + "\r\n";
  }
  static bool send(int peer, const Bytes& octets) {
    for (std::size_t at = 0; at < octets.size();) {
      const ssize_t sent = ::send(peer, octets.data() + at, octets.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) return false;
      at += static_cast<std::size_t>(sent);
    }
    return true;
  }
  static void pause(int peer) {
    pollfd waiting{peer, POLLRDHUP, 0};
    ::poll(&waiting, 1, 50);
  }
  void wait(int peer) const {
    pollfd waiting{peer, POLLRDHUP, 0};
    while (!ended_ && ::poll(&waiting, 1, 50) == 0) {
    }
  }

  static std::optional<ProxyRequest> read(int peer) {
    Bytes octets;
    std::array<char, 65'536> buffer;
    const auto more = [&] {
      const ssize_t size = ::recv(peer, buffer.data(), buffer.size(), 0);
      if (size > 0) octets.append(buffer.data(), static_cast<std::size_t>(size));
      return size > 0;
    };
    std::size_t head = 0;
    while ((head = octets.find("\r\n\r\n")) == Bytes::npos) {
      if (!more()) return std::nullopt;
    }
    ProxyRequest request;
    std::size_t length = 0;
    std::size_t at = octets.find("\r\n");
    const std::string line = octets.substr(0, at);
    request.method = line.substr(0, line.find(' '));
    request.target = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
    while (at < head) {
      const std::size_t end = octets.find("\r\n", at + 2);
      const std::string field = octets.substr(at + 2, end - at - 2);
      const std::size_t colon = field.find(": ");
      if (colon != field.npos) {
        request.headers.emplace_back(field.substr(0, colon), field.substr(colon + 2));
        if (field.starts_with("Content-Length:")) length = std::stoul(field.substr(colon + 2));
      }
      at = end;
    }
    while (octets.size() < head + 4 + length) {
      if (!more()) return std::nullopt;
    }
    request.body = octets.substr(head + 4, length);
    return request;
  }

  const Tell tell_;
  const LoopbackListener listener_;
  std::atomic<bool> ended_{false};
  std::thread accepting_;
  std::vector<std::thread> answering_;  // Of the accepting thread, until that has ended.
};

}  // namespace cpl::testing
