#include "api/http/client_address.hpp"

#include <arpa/inet.h>

#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

constexpr std::size_t network_octets = 8;  // Of an IPv6 address.

std::string text_of(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(address.is_v6 ? AF_INET6 : AF_INET, address.octets.data(), text.data(), text.size());
  return text.data();
}

// The last element of the list, taken off it: proxies add theirs at the end.
std::optional<std::string_view> take_last(std::string_view& list) {
  std::optional<std::string_view> last;
  std::string_view rest = list;
  while (const auto element = take_element(rest)) last = element;
  if (last) list = list.substr(0, static_cast<std::size_t>(last->data() - list.data()));
  return last;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// `for=192.0.2.60;proto=http` (RFC 7239, 4). Two of them are none.
std::optional<std::string_view> for_parameter(std::string_view element) {
  constexpr std::string_view name = "for=";
  std::optional<std::string_view> found;
  while (const auto pair = take_element(element, ';')) {
    if (!same_token(pair->substr(0, name.size()), name)) continue;
    if (found) return std::nullopt;
    found = unquoted(pair->substr(name.size()));
  }
  return found;
}

// "192.0.2.60", "192.0.2.60:4711", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711".
std::optional<IpAddress> read_node(std::string_view node) {
  if (const auto address = parse_ip_address(node)) return without_mapping(*address);
  const std::size_t colon = node.rfind(':');
  const bool has_port = colon != node.npos && read_digits(node.substr(colon + 1)).has_value();
  if (has_port) node = node.substr(0, colon);
  const bool bracketed = node.starts_with('[') && node.ends_with(']');
  if (bracketed) node = node.substr(1, node.size() - 2);
  const auto address = parse_ip_address(node);
  if (!address || address->is_v6 != bracketed) return std::nullopt;
  return without_mapping(*address);
}

std::optional<IpAddress> told_by(std::string_view element, ProxyField field) {
  if (field == ProxyField::x_forwarded_for) return read_node(element);
  const auto node = for_parameter(element);
  return node ? read_node(*node) : std::nullopt;
}

bool is_named(const IpAddress& address, const ProxyRules& rules) {
  return std::find(rules.proxies.begin(), rules.proxies.end(), address) != rules.proxies.end();
}

}  // namespace

std::string client_address(const std::string& peer, const HttpHeaders& headers,
                           const ProxyRules& rules) {
  if (rules.proxies.empty()) return peer;
  const auto connected = parse_ip_address(peer);
  if (!connected) return peer;
  IpAddress address = without_mapping(*connected);
  const std::string list = headers.list(word_of(rules.field));
  std::string_view rest = list;
  while (is_named(address, rules)) {
    const auto element = take_last(rest);
    const auto told = element ? told_by(*element, rules.field) : std::nullopt;
    if (!told) break;
    address = *told;
  }
  return text_of(address);
}

std::string address_group(const std::string& address) {
  const auto read = parse_ip_address(address);
  if (!read) return address;
  IpAddress group = without_mapping(*read);
  if (!group.is_v6) return text_of(group);
  std::fill(group.octets.begin() + network_octets, group.octets.end(), std::uint8_t{0});
  return text_of(group) + "/64";
}

}  // namespace cpl
