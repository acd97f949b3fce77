#include "tools/ui/peer_owner.hpp"

#include <arpa/inet.h>

#include <cstdio>
#include <fstream>
#include <sstream>

namespace cpl {
namespace {

constexpr std::size_t table_octets_max = std::size_t{16} << 20;

// "0100007F:1F90", as the kernel writes an end: the address as a number of this machine's order.
std::optional<std::string> kernel_text(std::string_view address, std::uint16_t port) {
  in_addr parsed{};
  if (::inet_pton(AF_INET, std::string(address).c_str(), &parsed) != 1) return std::nullopt;
  char text[16];
  std::snprintf(text, sizeof text, "%08X:%04X", parsed.s_addr, static_cast<unsigned>(port));
  return std::string(text);
}

}  // namespace

std::optional<uid_t> owner_in(BytesView table, const TcpEnds& ends) {
  const auto peer = kernel_text(ends.peer, ends.peer_port);
  const auto own = kernel_text(ends.own, ends.own_port);
  if (!peer || !own) return std::nullopt;
  std::istringstream lines{std::string(table)};
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string number, local, remote, state, queues, timer, retransmits;
    uid_t uid = 0;
    words >> number >> local >> remote >> state >> queues >> timer >> retransmits >> uid;
    if (words && local == *peer && remote == *own) return uid;
  }
  return std::nullopt;
}

std::optional<uid_t> owner_of_peer(const TcpEnds& ends) {
  std::ifstream file("/proc/net/tcp");
  if (!file) return std::nullopt;
  std::string table;
  std::string line;
  while (table.size() < table_octets_max && std::getline(file, line)) table += line + "\n";
  return owner_in(table, ends);
}

}  // namespace cpl
