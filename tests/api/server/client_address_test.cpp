#include "api/http/client_address.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::client_address_test {

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

ProxyRules named(const std::vector<std::string>& proxies, ProxyField field) {
  ProxyRules rules{{}, field};
  for (const std::string& proxy : proxies) rules.proxies.push_back(*parse_ip_address(proxy));
  return rules;
}

std::string client(const std::string& peer, const Fields& fields, const ProxyRules& rules) {
  HttpHeaders headers;
  for (const auto& [name, value] : fields) headers.add(name, value);
  return client_address(peer, headers, rules);
}

const ProxyRules plain = named({"127.0.0.1", "10.0.0.7"}, ProxyField::x_forwarded_for);
const ProxyRules standard = named({"127.0.0.1", "10.0.0.7"}, ProxyField::forwarded);

}  // namespace

TEST_CASE("client address: where no proxy is named, nobody's word is taken") {
  const Fields claims = {{"X-Forwarded-For", "192.0.2.9"}, {"Forwarded", "for=192.0.2.9"}};
  CHECK(client("192.0.2.1", claims, {}) == "192.0.2.1");
  CHECK(client("192.0.2.1", claims, plain) == "192.0.2.1");
  CHECK(client("192.0.2.1", claims, standard) == "192.0.2.1");
}

TEST_CASE("client address: a named proxy's word is taken, in its own field only") {
  const Fields both = {{"Forwarded", "for=192.0.2.9"}, {"X-Forwarded-For", "192.0.2.8"}};
  CHECK(client("127.0.0.1", both, plain) == "192.0.2.8");
  CHECK(client("127.0.0.1", both, standard) == "192.0.2.9");
  CHECK(client("::ffff:127.0.0.1", both, plain) == "192.0.2.8");
  CHECK(client("127.0.0.1", {}, plain) == "127.0.0.1");
}

TEST_CASE("client address: what a client wrote before its proxy did is not believed") {
  const auto of = [](const std::string& list) {
    return client("127.0.0.1", {{"x-forwarded-for", list}}, plain);
  };
  CHECK(of("203.0.113.5, 192.0.2.8") == "192.0.2.8");
  CHECK(of("203.0.113.5,192.0.2.8, 10.0.0.7") == "192.0.2.8");
  CHECK(of("10.0.0.7, 127.0.0.1") == "10.0.0.7");
  CHECK(of("203.0.113.5, unknown") == "127.0.0.1");
  CHECK(of("203.0.113.5, 10.0.0.7.") == "127.0.0.1");
  CHECK(client("127.0.0.1", {{"X-Forwarded-For", "203.0.113.5"}, {"X-Forwarded-For", "192.0.2.8"}},
               plain) == "192.0.2.8");
}

TEST_CASE("client address: every spelling of RFC 7239 is read") {
  const auto of = [](const std::string& list) {
    return client("127.0.0.1", {{"Forwarded", list}}, standard);
  };
  CHECK(of("for=192.0.2.60;proto=http;by=203.0.113.43") == "192.0.2.60");
  CHECK(of("proto=http ; For=\"192.0.2.60:4711\"") == "192.0.2.60");
  CHECK(of("for=\"[2001:DB8:cafe::17]:4711\"") == "2001:db8:cafe::17");
  CHECK(of("for=\"[2001:db8::1]\"") == "2001:db8::1");
  CHECK(of("for=192.0.2.43, for=10.0.0.7") == "192.0.2.43");
  CHECK(of("for=\"a, for=192.0.2.1\"") == "127.0.0.1");
  for (const char* unread :
       {"for=_hidden", "for=unknown", "by=192.0.2.1", "for=", "192.0.2.1",
        "for=192.0.2.1;for=192.0.2.2", "for=\"2001:db8::1]\"", "for=[::1", "for=\"[192.0.2.1]\""}) {
    CAPTURE(unread);
    CHECK(of(unread) == "127.0.0.1");
  }
  CHECK(client("127.0.0.1", {{"X-Forwarded-For", "2001:db8::1"}}, plain) == "2001:db8::1");
}

TEST_CASE("client address: an IPv6 network of 64 bits shares one bound") {
  CHECK(address_group("192.0.2.1") == "192.0.2.1");
  CHECK(address_group("::ffff:192.0.2.1") == "192.0.2.1");
  CHECK(address_group("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(address_group("2001:db8:1:2::9") == address_group("2001:db8:1:2:ffff::1"));
  CHECK(address_group("2001:db8:1:3::9") != address_group("2001:db8:1:2::9"));
  CHECK(address_group("not an address") == "not an address");
}

}  // namespace cpl::testing::client_address_test
