// A listening socket on this machine, on a port of the system's choice, for servers that say what
// no library would.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/result.hpp"

namespace cpl {

class LoopbackListener final {
 public:
  LoopbackListener() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    check(::listen(socket_, 16) == 0);
    socklen_t length = sizeof(address);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
  }
  ~LoopbackListener() { ::close(socket_); }
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  std::uint16_t port() const { return port_; }
  int accept() const { return ::accept(socket_, nullptr, nullptr); }  // Negative once ended.
  void end() const { ::shutdown(socket_, SHUT_RDWR); }                // Any thread.

 private:
  const int socket_;
  std::uint16_t port_ = 0;
};

}  // namespace cpl
