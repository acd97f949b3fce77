#include "notifier/send/target_rules.hpp"

#include "crypto/encoding.hpp"
#include "registry/base/http_tokens.hpp"

namespace cpl {
namespace {

constexpr std::size_t url_octets_max = 2048;
constexpr std::size_t name_octets_max = 253;
constexpr std::size_t label_octets_max = 63;

struct Network {
  std::array<std::uint8_t, 4> octets;
  unsigned prefix_bits;
};

constexpr std::array<Network, 15> blocked_v4 = {{{{0, 0, 0, 0}, 8},
                                                 {{10, 0, 0, 0}, 8},
                                                 {{100, 64, 0, 0}, 10},
                                                 {{127, 0, 0, 0}, 8},
                                                 {{169, 254, 0, 0}, 16},
                                                 {{172, 16, 0, 0}, 12},
                                                 {{192, 0, 0, 0}, 24},
                                                 {{192, 0, 2, 0}, 24},
                                                 {{192, 88, 99, 0}, 24},
                                                 {{192, 168, 0, 0}, 16},
                                                 {{198, 18, 0, 0}, 15},
                                                 {{198, 51, 100, 0}, 24},
                                                 {{203, 0, 113, 0}, 24},
                                                 {{224, 0, 0, 0}, 4},
                                                 {{240, 0, 0, 0}, 4}}};

// Only global unicast (2000::/3) is allowed at all; these parts of it are not. All prefixes are
// at most 32 bits long.
constexpr Network allowed_v6 = {{0x20, 0, 0, 0}, 3};
constexpr std::array<Network, 4> blocked_v6 = {{{{0x20, 0x01, 0, 0}, 23},
                                                {{0x20, 0x01, 0x0d, 0xb8}, 32},
                                                {{0x20, 0x02, 0, 0}, 16},
                                                {{0x3f, 0xff, 0, 0}, 20}}};

std::uint32_t first_word(std::span<const std::uint8_t> octets) {
  return static_cast<std::uint32_t>(read_big_endian(view_of(octets.data(), 4)));
}

bool contains(const Network& network, const IpAddress& address) {
  const std::uint32_t difference = first_word(network.octets) ^ first_word(address.octets);
  return difference >> (32 - network.prefix_bits) == 0;
}

Error refused(std::string detail) {
  return malformed("delivery-target-refused", std::move(detail));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// What some resolvers would read as part of an address: 127, 0177, 0x7f.
bool is_number(std::string_view label) {
  if (label.starts_with("0x")) return std::ranges::all_of(label.substr(2), is_hex_digit);
  return std::ranges::all_of(label, is_digit);
}

bool is_label(std::string_view label) {
  const auto allowed = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; };
  return !label.empty() && label.size() <= label_octets_max && label.front() != '-' &&
         label.back() != '-' && std::ranges::all_of(label, allowed);
}

bool is_private_suffix(std::string_view label) {
  return label == "local" || label == "internal" || label == "localhost" || label == "onion";
}

Result<void> check_name(std::string_view name, const TargetRules& rules) {
  if (name.empty() || name.size() > name_octets_max) {
    return refused("the URL has no host name, or one longer than 253 octets");
  }
  std::string_view last;
  std::size_t labels = 0;
  for (std::string_view rest = name;; rest.remove_prefix(last.size() + 1)) {
    last = rest.substr(0, rest.find('.'));
    ++labels;
    if (!is_label(last)) {
      return refused(
          "the host is not a DNS name; write an international name in its xn-- form, and no dot "
          "at the end");
    }
    if (last.size() == rest.size()) break;
  }
  if (is_number(last)) return refused("the host is an address; give its DNS name");
  if (rules.lab_mode) return {};
  if (labels < 2 || is_private_suffix(last)) {
    return refused("the host is not a public name");
  }
  return {};
}

// RFC 3986 path and query characters, with every % followed by two hexadecimal digits.
bool is_path_and_query(std::string_view text) {
  constexpr std::string_view marks = "-._~!$&'()*+,;=:@/?";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !is_hex_digit(text[i + 1]) || !is_hex_digit(text[i + 2])) {
        return false;
      }
    } else if (!is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
               marks.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// Takes the scheme off the front of `rest`; says whether it means TLS.
Result<bool> take_scheme(std::string_view& rest, const TargetRules& rules) {
  constexpr std::string_view https = "https://";
  constexpr std::string_view http = "http://";
  const bool tls = same_token(rest.substr(0, https.size()), https);
  if (!tls && !(rules.lab_mode && same_token(rest.substr(0, http.size()), http))) {
    return refused("the URL does not begin with https://");
  }
  rest.remove_prefix(tls ? https.size() : http.size());
  return tls;
}

// Where the host ends and ":port", if any, begins.
std::size_t host_end(std::string_view authority) {
  const std::size_t bracket = authority.find(']');
  const std::size_t end = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return std::min(end, authority.size());
}

Result<std::string> read_host(std::string_view text, const TargetRules& rules) {
  const bool bracketed = text.starts_with('[') && text.ends_with(']');
  const std::string_view bare = bracketed ? text.substr(1, text.size() - 2) : text;
  const auto address = parse_ip_address(bare);
  if (rules.lab_mode && address && address->is_v6 == bracketed) return std::string(bare);
  std::string name = ascii_lower(text);
  TRY_VOID(check_name(name, rules));
  return name;
}

Result<std::uint16_t> read_port(std::string_view text, std::uint16_t usual,
                                const TargetRules& rules) {
  std::uint64_t port = usual;
  if (!text.empty()) {
    const auto number = from_decimal(text.substr(1));
    if (!number || *number == 0 || *number > 65535)
      return refused("the URL's port is not a number from 1 to 65535");
    port = *number;
  }
  if (!rules.lab_mode && std::ranges::find(rules.ports, port) == rules.ports.end()) {
    return refused("port " + std::to_string(port) + " is not one that notices are sent to");
  }
  return static_cast<std::uint16_t>(port);
}

}  // namespace

bool is_blocked_address(const IpAddress& given) {
  const IpAddress address = without_mapping(given);
  const auto holds = [&](const Network& network) { return contains(network, address); };
  if (!address.is_v6) return std::ranges::any_of(blocked_v4, holds);
  return !holds(allowed_v6) || std::ranges::any_of(blocked_v6, holds);
}

std::string TargetUrl::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  const std::string name = v6 ? "[" + host + "]" : host;
  return port == (tls ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

Result<TargetUrl> check_target_url(std::string_view url, const TargetRules& rules) {
  if (url.size() > url_octets_max) return refused("the URL is longer than 2048 octets");
  if (url.find('#') != std::string_view::npos) return refused("the URL has a fragment");
  TargetUrl out;
  std::string_view rest = url;
  out.tls = TRY(take_scheme(rest, rules));
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?\\"));
  rest.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos) {
    return refused("the URL has a user name or password");
  }
  const std::size_t end = host_end(authority);
  out.host = TRY(read_host(authority.substr(0, end), rules));
  out.port = TRY(read_port(authority.substr(end), out.tls ? 443 : 80, rules));
  if (!is_path_and_query(rest)) {
    return refused("the URL's path or query has a character that must be percent-encoded");
  }
  out.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
  return out;
}

Result<void> check_target_addresses(std::span<const IpAddress> addresses,
                                    const TargetRules& rules) {
  if (addresses.empty()) {
    return Error{Errc::unavailable, "delivery-unreachable", "the host name has no address", 0};
  }
  for (const IpAddress& address : addresses) {
    const bool own = std::ranges::any_of(rules.own_addresses, [&](const IpAddress& candidate) {
      return without_mapping(candidate) == without_mapping(address);
    });
    if (own || (!rules.lab_mode && is_blocked_address(address))) {
      return refused("the host name leads to an address that is not public");
    }
  }
  return {};
}

}  // namespace cpl
