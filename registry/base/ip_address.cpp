#include "registry/base/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace cpl {
namespace {

constexpr std::array<std::uint8_t, 12> v4_mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  const std::string copy(text);  // inet_pton reads up to a NUL.
  if (copy.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address;
  address.is_v6 = copy.find(':') != std::string::npos;
  if (inet_pton(address.is_v6 ? AF_INET6 : AF_INET, copy.c_str(), address.octets.data()) != 1) {
    return std::nullopt;
  }
  return address;
}

IpAddress without_mapping(const IpAddress& address) {
  if (!address.is_v6 || !std::equal(v4_mapped.begin(), v4_mapped.end(), address.octets.begin())) {
    return address;
  }
  IpAddress v4;
  std::copy(address.octets.begin() + 12, address.octets.end(), v4.octets.begin());
  return v4;
}

}  // namespace cpl
