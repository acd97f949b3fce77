// Where the registry may be made to send anything: only to public hosts, by name, over TLS. A
// subscriber chooses the URL, so that without these rules he could reach what only we can reach.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.hpp"
#include "registry/base/ip_address.hpp"

namespace cpl {

// Whether the address is private, local, reserved or a tunnel to such: the IANA special-purpose
// registries. A v4-mapped address is judged as the IPv4 address that it stands for.
bool is_blocked_address(const IpAddress& address);

struct TargetRules {
  std::vector<std::uint16_t> ports = {443};
  std::vector<IpAddress> own_addresses;  // Our listeners: refused although they are public.
  // For tests and demonstrations on one machine: also http, any port, addresses for hosts, names
  // of one label, and every address. Never for a single subscription.
  bool lab_mode = false;
};

struct TargetUrl {
  bool tls = true;
  std::string host;  // A lower-case DNS name; in lab mode perhaps an address, without brackets.
  std::uint16_t port = 443;
  std::string target;  // Path and query; at least "/".

  // As it stands in the Host field.
  std::string authority() const;
};

Result<TargetUrl> check_target_url(std::string_view url, const TargetRules& rules);

// All that a name resolved to. One bad address refuses them all: a name that means both a public
// and a private host is not an accident.
Result<void> check_target_addresses(std::span<const IpAddress> addresses, const TargetRules& rules);

}  // namespace cpl
