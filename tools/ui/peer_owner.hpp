// Whose program is at the other end of a connection on this machine, as the kernel tells it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string_view>

#include "crypto/bytes.hpp"

namespace cpl {

// Two ends of a connection over IPv4: "127.83.12.7", and a port.
struct TcpEnds {
  std::string_view peer;
  std::uint16_t peer_port = 0;
  std::string_view own;
  std::uint16_t own_port = 0;
};

// By `table`, which is as /proc/net/tcp is; nothing where it has no row of the connection.
std::optional<uid_t> owner_in(BytesView table, const TcpEnds& ends);
// By the table of this machine; nothing where there is none.
std::optional<uid_t> owner_of_peer(const TcpEnds& ends);

}  // namespace cpl
