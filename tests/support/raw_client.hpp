// An HTTP client that sends exactly the octets it is told to, over a blocking socket: for asking
// the server what no well-behaved client would.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <map>
#include <stdexcept>

#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"

namespace cpl {

struct RawAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // Names in lower case.
  Bytes body;
};

class RawClient final {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    // Only so that a broken server fails the test instead of hanging it.
    const timeval patience{30, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }
  int socket() const { return socket_; }

  // Whether all of it was taken: the server may close first.
  bool send(BytesView octets) {
    while (!octets.empty()) {
      const auto sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      octets.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  bool readable_within(std::chrono::milliseconds time) const {
    pollfd waiting{socket_, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) == 1;
  }

  RawAnswer get(const std::string& target) {
    send("GET " + target + " HTTP/1.1\r\nHost: cpl.example\r\n\r\n");
    return read();
  }

  enum class Body : std::uint8_t { expected, none };

  // Status 0: the connection ended before a whole answer had come.
  RawAnswer read(Body expected = Body::expected) {
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return {};
    }
    RawAnswer answer = parse_head(std::string_view(received_).substr(0, end));
    received_.erase(0, end + 4);
    if (expected == Body::none || answer.status == 100) return answer;
    const std::size_t length = std::stoul("0" + answer.headers["content-length"]);
    while (received_.size() < length) {
      if (!receive()) return {};
    }
    answer.body = received_.substr(0, length);
    received_.erase(0, length);
    return answer;
  }

  // So many octets; fewer only if the connection ends before.
  Bytes read_octets(std::size_t count) {
    while (received_.size() < count) {
      if (!receive()) return std::exchange(received_, "");
    }
    const Bytes taken = received_.substr(0, count);
    received_.erase(0, count);
    return taken;
  }

  // What comes until the server closes.
  Bytes read_to_end() {
    while (receive()) {
    }
    return std::exchange(received_, "");
  }

 private:
  static RawAnswer parse_head(std::string_view head) {
    RawAnswer answer;
    std::from_chars(head.data() + 9, head.data() + 12, answer.status);
    for (std::size_t line = head.find("\r\n"); line != std::string_view::npos;
         line = head.find("\r\n", line + 2)) {
      const std::string_view field = head.substr(line + 2, head.find("\r\n", line + 2) - line - 2);
      const std::size_t colon = field.find(": ");
      answer.headers[ascii_lower(field.substr(0, colon))] = field.substr(colon + 2);
    }
    return answer;
  }

  bool receive() {
    std::array<char, 65536> buffer;
    const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      throw std::runtime_error("the server neither answered nor closed in 30 seconds");
    }
    if (count <= 0) return false;
    received_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }

  const int socket_;
  bool connected_ = false;
  Bytes received_;
};

}  // namespace cpl
