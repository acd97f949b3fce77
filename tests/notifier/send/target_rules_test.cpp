#include "notifier/send/target_rules.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::target_rules_test {

namespace {

const TargetRules strict;

bool blocked(std::string_view text) { return is_blocked_address(parse_ip_address(text).value()); }

bool accepted(std::string_view url, const TargetRules& rules = strict) {
  const auto target = check_target_url(url, rules);
  if (!target) CHECK(target.error().code == "delivery-target-refused");
  return target.has_value();
}

}  // namespace

TEST_CASE("target rules: addresses that are not public are blocked") {
  const auto text = GENERATE(
      as<std::string_view>(), "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1",
      "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
      "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
      "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1",
      "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1",
      "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:1ff::1", "2001:db8::1",
      "2002::1", "2002:a00:1::", "3fff::1", "3fff:fff::1", "5f00::1", "fc00::1", "fd12:3456::1",
      "fe80::1", "fec0::1", "ff02::1", "4000::1", "8000::1");
  CAPTURE(text);
  CHECK(blocked(text));
}

TEST_CASE("target rules: public addresses are allowed, to the very edge of the blocks") {
  const auto text =
      GENERATE(as<std::string_view>(), "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255",
               "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0",
               "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.0.3.1", "192.88.98.1",
               "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
               "::ffff:8.8.8.8", "2001:200::1", "2001:db7::1", "2001:db9::1", "2003::1",
               "2606:4700::1111", "2a00::1", "3ffe::1", "3fff:1000::1");
  CAPTURE(text);
  CHECK_FALSE(blocked(text));
}

TEST_CASE("target rules: only the plain spellings of an address are addresses") {
  const auto text =
      GENERATE(as<std::string_view>(), "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "0x7f.0.0.1",
               "2130706433", "1.2.3.4 ", "[::1]", "::1%eth0", "fe80::1%1");
  CAPTURE(text);
  CHECK_FALSE(parse_ip_address(text));
  CHECK_FALSE(parse_ip_address(std::string_view("1.2.3.4\0", 8)));
}

TEST_CASE("target rules: an https URL with a public name is taken apart") {
  const auto target = check_target_url("https://Hooks.Party.example/cpl?key=a%20b", strict).value();
  CHECK(target.tls);
  CHECK(target.host == "hooks.party.example");
  CHECK(target.port == 443);
  CHECK(target.target == "/cpl?key=a%20b");
  CHECK(target.authority() == "hooks.party.example");
  CHECK(check_target_url("https://party.example", strict).value().target == "/");
  CHECK(check_target_url("https://party.example?a", strict).value().target == "/?a");
  CHECK(accepted("https://xn--bcher-kva.example/"));
  CHECK(accepted("https://party.example:443/"));
  CHECK(check_target_url("HTTPS://PARTY.EXAMPLE/A", strict).value().target == "/A");
  CHECK_FALSE(accepted("HTTP://party.example/"));
}

TEST_CASE("target rules: no spelling of an address passes for a host") {
  const auto host =
      GENERATE(as<std::string_view>(), "127.0.0.1", "8.8.8.8", "2130706433", "0x7f000001", "0x7f.1",
               "0X7F.0.0.1", "017700000001", "0177.0.0.1", "127.1", "127.0.1", "1.2.3.0x4", "[::1]",
               "[::ffff:127.0.0.1]", "[2606:4700::1]", "evil.example.0x", "1.2.3.4.5");
  CAPTURE(host);
  CHECK_FALSE(accepted("https://" + std::string(host) + "/"));
  CHECK_FALSE(accepted("https://" + std::string(host) + ":443/"));
}

TEST_CASE("target rules: names that are not public are refused") {
  const auto host =
      GENERATE(as<std::string_view>(), "localhost", "party", "a.localhost", "printer.local",
               "metadata.google.internal", "x.onion", "party.example.", ".party.example",
               "party..example", "-a.example", "a-.example", "a_b.example",
               "b\xc3\xbc"
               "cher.example",
               "party.example%00", "%6c%6f.example", "", "a b.example",
               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example");
  CAPTURE(host);
  CHECK_FALSE(accepted("https://" + std::string(host) + "/"));
}

TEST_CASE("target rules: what does not belong in a target is refused") {
  const auto url = GENERATE(
      as<std::string_view>(), "", "https://", "http://party.example/", "ftp://party.example/",
      "//party.example/", "https:/party.example/", "https://user@party.example/",
      "https://user:word@party.example/", "https://party.example@127.0.0.1/",
      "https://party.example/#part", "https://party.example:8443/", "https://party.example:0/",
      "https://party.example:65979/", "https://party.example:/", "https://party.example:0443/",
      "https://party.example:+443/", "https://party.example\\@127.0.0.1/",
      "https://party.example/\\x", "https://party.example/a b", "https://party.example/%4",
      "https://party.example/\r\nX: y", "https://party.example/\xc3\xa9", " https://party.example/",
      "https://party.example:443:443/");
  CAPTURE(url);
  CHECK_FALSE(accepted(url));
}

TEST_CASE("target rules: the length of a URL is bounded") {
  const std::string start = "https://party.example/";
  CHECK(accepted(start + std::string(2048 - start.size(), 'a')));
  CHECK_FALSE(accepted(start + std::string(2049 - start.size(), 'a')));
}

TEST_CASE("target rules: the operator names further ports") {
  TargetRules rules;
  rules.ports = {443, 8443};
  CHECK(accepted("https://party.example:8443/", rules));
  CHECK_FALSE(accepted("https://party.example:8444/", rules));
  CHECK(check_target_url("https://party.example:8443/", rules).value().authority() ==
        "party.example:8443");
}

TEST_CASE("target rules: the laboratory mode takes addresses, names of one label and http") {
  TargetRules lab;
  lab.lab_mode = true;
  CHECK(check_target_url("http://127.0.0.1:8080/x", lab).value().authority() == "127.0.0.1:8080");
  CHECK(check_target_url("http://[::1]:8080/x", lab).value().authority() == "[::1]:8080");
  CHECK(check_target_url("http://localhost/", lab).value().port == 80);
  CHECK(check_target_url("HTTP://localhost/", lab).value().port == 80);
  CHECK_FALSE(accepted("http://2130706433/", lab));
  CHECK_FALSE(accepted("http://[127.0.0.1]/", lab));
  CHECK_FALSE(accepted("http://::1/", lab));
  CHECK_FALSE(accepted("http://u@localhost/", lab));
}

TEST_CASE("target rules: one bad address among good ones refuses them all") {
  const auto at = [](std::string_view text) { return parse_ip_address(text).value(); };
  const std::vector<IpAddress> good = {at("1.1.1.1"), at("2606:4700::1111")};
  const std::vector<IpAddress> mixed = {at("1.1.1.1"), at("169.254.169.254")};
  CHECK(check_target_addresses(good, strict));
  CHECK_FALSE(check_target_addresses(mixed, strict));
  CHECK_FALSE(check_target_addresses({}, strict));
  TargetRules ours;
  ours.own_addresses = {at("1.1.1.1")};
  CHECK_FALSE(check_target_addresses(good, ours));
  const std::vector<IpAddress> mapped = {at("::ffff:1.1.1.1")};
  CHECK_FALSE(check_target_addresses(mapped, ours));
  TargetRules lab;
  lab.lab_mode = true;
  CHECK(check_target_addresses(mixed, lab));
}

}  // namespace cpl::testing::target_rules_test
