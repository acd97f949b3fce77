// A host with several addresses: whichever lets us is used, and each is held to the same rules.
#include "notifier/send/http_address_race.hpp"
#include "tests/notifier/send/http_transport_fixture.hpp"
#include "tests/support/raw_receiver.hpp"
#include "tests/support/tls_fixture.hpp"

namespace cpl::testing::http_transport_addresses_test {

namespace {

HttpTransportOptions with_addresses(std::vector<IpAddress> addresses) {
  HttpTransportOptions options = lab();
  options.resolve = [addresses = std::move(addresses)](const std::string&) { return addresses; };
  return options;
}

// At another address of this machine, on a port that is taken at the usual one.
std::unique_ptr<Server> receiver_beside(std::uint16_t port,
                                        std::optional<ServerTls> tls = std::nullopt) {
  ServerOptions options;
  options.address = "127.0.0.2";
  options.port = port;
  options.tls = std::move(tls);
  return Server::start(std::move(options), accept_all).value();
}

std::string host_url(const std::string& scheme, std::uint16_t port) {
  return scheme + "://two.example:" + std::to_string(port) + "/hook";
}

}  // namespace

TEST_CASE("http transport: where nothing listens at an address the next one is tried") {
  const auto server = receiver(accept_all);
  for (const char* const closed : {"127.0.0.2", "::1"}) {
    CAPTURE(closed);
    const auto transport = create(with_addresses({at(closed), at("127.0.0.1")}));
    CHECK(deliver(*transport, host_url("http", server->port())).value().status == 204);
    CHECK(deliver(*transport, host_url("http", server->port())).value().status == 204);
  }
  CHECK(server->stats().accepted == 2);  // The connection of each transport was kept.
}

TEST_CASE("http transport: an address that closes, or has a bad certificate, is not the last one") {
  SECTION("it closes without an answer") {
    const RawReceiver mute("", RawReceiver::Then::closes);
    const auto server = receiver_beside(mute.port());
    const auto transport = create(with_addresses({at("127.0.0.1"), at("127.0.0.2")}));
    CHECK(deliver(*transport, host_url("http", mute.port())).value().status == 204);
  }
  SECTION("its certificate is another's") {
    const TestCertificate right("two.example");
    const TestCertificate wrong("wrong.example");
    const auto first =
        receiver(accept_all, ServerTls{wrong.certificate_file(), wrong.key_file(), {}});
    const auto second =
        receiver_beside(first->port(), ServerTls{right.certificate_file(), right.key_file(), {}});
    HttpTransportOptions options = with_addresses({at("127.0.0.1"), at("127.0.0.2")});
    options.tls.ca_file = right.certificate_file();
    const auto transport = create(options);
    CHECK(deliver(*transport, host_url("https", first->port())).value().status == 204);
    CHECK(first->stats().requests == 0);
  }
}

TEST_CASE("http transport: one address that is not allowed refuses all of them") {
  const auto server = receiver(accept_all);
  for (const bool is_first : {true, false}) {
    HttpTransportOptions options = with_addresses(
        {at(is_first ? "127.0.0.3" : "127.0.0.1"), at(is_first ? "127.0.0.1" : "127.0.0.3")});
    options.rules.own_addresses = {at("127.0.0.3")};
    CHECK(refusal_of(deliver(*create(options), host_url("http", server->port()))) ==
          "delivery-target-refused");
  }
  CHECK(server->stats().accepted == 0);
}

TEST_CASE("http transport: where no address answers it is said why, soon") {
  auto server = receiver(accept_all);
  const std::uint16_t port = server->port();
  server = nullptr;
  const auto transport = create(with_addresses({at("127.0.0.1"), at("127.0.0.2")}));
  const Outcome outcome = deliver(*transport, host_url("http", port));
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == "delivery-unreachable");
  CHECK(outcome.error().detail == "nothing listens at port " + std::to_string(port) +
                                      " of the receiver's host (connection refused)");
}

TEST_CASE("address race: families take turns, each address once, and no more than a few") {
  const auto turns = addresses_in_turn(
      {at("2001::1"), at("2001::2"), at("2001::2"), at("1.1.1.1"), at("1.1.1.2"), at("1.1.1.3")});
  CHECK(turns == std::vector<IpAddress>{at("2001::1"), at("1.1.1.1"), at("2001::2"), at("1.1.1.2"),
                                        at("1.1.1.3")});
  std::vector<IpAddress> many;
  for (int i = 1; i < 200; ++i) many.push_back(at("1.1.1." + std::to_string(i)));
  CHECK(addresses_in_turn(many).size() == 8);
}

}  // namespace cpl::testing::http_transport_addresses_test
