// Handing mail to a server that does not do its part. One that does is in tests/interop.
#include "notifier/mail/transport.hpp"

#include <catch2/catch.hpp>
#include <future>

#include "tests/support/raw_receiver.hpp"

namespace cpl::testing::transport_test {

using namespace std::chrono_literals;

namespace {

using Outcome = Result<Delivered>;

std::future<Outcome> send(MailTransport& transport) {
  auto promise = std::make_shared<std::promise<Outcome>>();
  const MailAddress address = MailAddress::parse("team@party.example").value();
  transport.send({address, address, "Subject: a notice\r\n\r\nof something\r\n"},
                 [promise](Outcome outcome) { promise->set_value(std::move(outcome)); });
  return promise->get_future();
}

MailServer server_at(std::uint16_t port, std::chrono::milliseconds attempt = 60s) {
  MailServer server;
  server.host = "127.0.0.1";
  server.port = port;
  server.attempt = attempt;
  return server;
}

Error failure_at(std::uint16_t port, std::chrono::milliseconds attempt = 60s) {
  MailTransport transport(server_at(port, attempt));
  transport.start([] {});
  const Outcome outcome = send(transport).get();
  REQUIRE_FALSE(outcome);
  return outcome.error();
}

}  // namespace

TEST_CASE("mail transport: nobody listening is an error that names the server") {
  std::uint16_t port = 0;
  {
    const RawReceiver gone("");
    port = gone.port();
  }
  const Error error = failure_at(port);
  CHECK(error.code == "mail-server-unreachable");
  CHECK_THAT(error.detail, Catch::Contains("127.0.0.1:" + std::to_string(port)) &&
                               Catch::Contains("nothing listens at that port"));
}

TEST_CASE("mail transport: a server that never speaks costs one attempt's time") {
  const RawReceiver silent("");
  const Error error = failure_at(silent.port(), 200ms);
  CHECK(error.code == "mail-server-unreachable");
  CHECK_THAT(error.detail, Catch::Contains("did not answer in time"));
}

TEST_CASE("mail transport: a server without STARTTLS is given no mail") {
  // Its greeting, and its answer to EHLO, which offers nothing.
  const RawReceiver plain("220 mail.example\r\n250 mail.example\r\n", RawReceiver::Then::waits,
                          RawReceiver::First::speaks);
  const Error error = failure_at(plain.port());
  CHECK(error.code == "mail-server-unreachable");
  CHECK_THAT(error.detail, Catch::Contains("does not offer STARTTLS"));
  CHECK_THAT(plain.heard(), Catch::Contains("EHLO"));
  CHECK(plain.heard().find("MAIL FROM") == Bytes::npos);
}

TEST_CASE("mail transport: a server that serves nobody says nothing of the mailbox") {
  const RawReceiver refusing("554-5.7.1 no service\r\n554 for \x1b[31myou\r\n",
                             RawReceiver::Then::waits, RawReceiver::First::speaks);
  const Error error = failure_at(refusing.port());
  CHECK(error.code == "mail-server-unreachable");
  CHECK_THAT(error.detail, Catch::Contains("554 5.7.1 no service for ?[31myou"));
}

TEST_CASE("mail transport: stopping gives every message its outcome") {
  const RawReceiver silent("");
  MailTransport transport(server_at(silent.port()));
  transport.start([] {});
  std::vector<std::future<Outcome>> outcomes;
  for (int i = 0; i < 3; ++i) outcomes.push_back(send(transport));
  transport.stop();
  outcomes.push_back(send(transport));
  for (auto& outcome : outcomes) CHECK_FALSE(outcome.get());
}

}  // namespace cpl::testing::transport_test
