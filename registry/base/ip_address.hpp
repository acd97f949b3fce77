// An address of the Internet Protocol, of either version.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cpl {

struct IpAddress {
  std::array<std::uint8_t, 16> octets{};  // Of an IPv4 address the first four.
  bool is_v6 = false;

  bool operator==(const IpAddress&) const = default;
};

// Dotted decimal or RFC 4291 text; no other spelling.
std::optional<IpAddress> parse_ip_address(std::string_view text);

// A v4-mapped address is the IPv4 address that it stands for.
IpAddress without_mapping(const IpAddress& address);

}  // namespace cpl
