#include "tools/cpld/own_addresses.hpp"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace cpl {
namespace {

std::optional<IpAddress> address_of(const sockaddr* socket_address) {
  if (socket_address == nullptr) return std::nullopt;
  IpAddress address;
  if (socket_address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, socket_address, sizeof v4);
    std::memcpy(address.octets.data(), &v4.sin_addr, sizeof v4.sin_addr);
    return address;
  }
  if (socket_address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, socket_address, sizeof v6);
    std::memcpy(address.octets.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    address.is_v6 = true;
    return address;
  }
  return std::nullopt;
}

Result<std::vector<IpAddress>> interface_addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) {
    return Error{Errc::unavailable, "interfaces-unknown",
                 "this machine's own addresses cannot be listed: " +
                     std::error_code(errno, std::generic_category()).message()};
  }
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);
  std::vector<IpAddress> addresses;
  for (const ifaddrs* next = first; next != nullptr; next = next->ifa_next) {
    if (const auto address = address_of(next->ifa_addr)) addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace

Result<std::vector<IpAddress>> own_public_addresses(const IpAddress& listening) {
  const bool wildcard = listening.octets == IpAddress{}.octets;
  std::vector<IpAddress> addresses{listening};
  if (wildcard) addresses = TRY(interface_addresses());
  std::erase_if(addresses, is_blocked_address);
  return addresses;
}

}  // namespace cpl
