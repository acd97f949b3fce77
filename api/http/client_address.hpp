// Whose request it is, where proxies stand before the service: the word of those that the operator
// names is taken, in the one field that they write, and nobody else's.
#pragma once

#include "api/http/http.hpp"
#include "registry/base/ip_address.hpp"
#include "registry/base/words.hpp"

namespace cpl {

// What a proxy writes the address of its client into. Many pass on what a client wrote into the
// other, so only one is read.
enum class ProxyField : std::uint8_t { forwarded, x_forwarded_for };
inline constexpr std::array<std::string_view, 2> proxy_field_words = {"Forwarded",
                                                                      "X-Forwarded-For"};
template <>
struct Words<ProxyField> {
  static constexpr const auto& list = proxy_field_words;
};

struct ProxyRules {
  std::vector<IpAddress> proxies;  // None: every connection is its client's own.
  ProxyField field = ProxyField::forwarded;
};

// The address that the last proxy that is not named had the request from: from the end of the
// field, past those that are. Where that cannot be read it is the proxy's own that told it.
std::string client_address(const std::string& peer, const HttpHeaders& headers,
                           const ProxyRules& rules);

// Those who share a bound: an address, or the network of 64 bits of an IPv6 address, which one
// household has to itself.
std::string address_group(const std::string& address);

}  // namespace cpl
