#include "notifier/send/http_transport.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <latch>

#include "api/server/server.hpp"
#include "tests/notifier/send/http_transport_fixture.hpp"
#include "tests/support/raw_receiver.hpp"
#include "tests/support/tls_fixture.hpp"

namespace cpl::testing::http_transport_test {

using namespace std::chrono_literals;

TEST_CASE("http transport: a message arrives as it was given, and the answer comes back") {
  std::promise<HttpRequest> arrived;
  const auto server = receiver([&](HttpRequest request, HttpReply reply) {
    arrived.set_value(std::move(request));
    HttpResponse response;
    response.status = 429;
    response.headers = {{"Retry-After", "120"},
                        {"Content-Type", "text/plain"},
                        {"WebHook-Allowed-Origin", "cpl.example"},
                        {"WebHook-Allowed-Rate", "60"}};
    response.body = std::make_shared<const Bytes>("slow down");
    reply(std::move(response));
  });
  const auto transport = create(lab());
  const Outcome outcome = send(*transport, {.url = url_of(*server, "/hook?a=b"),
                                            .method = "POST",
                                            .headers = {{"webhook-id", "msg_1"}},
                                            .body = "notice"})
                              .get();
  REQUIRE(outcome);
  CHECK(outcome->status == 429);
  CHECK(outcome->retry_after == "120");
  CHECK(outcome->content_type == "text/plain");
  CHECK(outcome->allowed_origin == "cpl.example");
  CHECK(outcome->allowed_rate == "60");
  CHECK(outcome->body == "slow down");
  const HttpRequest request = arrived.get_future().get();
  CHECK(request.method == HttpMethod::post);
  CHECK(request.target == "/hook?a=b");
  CHECK(request.headers.find("webhook-id") == "msg_1");
  CHECK(request.headers.find("host") == "127.0.0.1:" + std::to_string(server->port()));
  CHECK(request.body == "notice");
}

TEST_CASE("http transport: one connection carries several deliveries") {
  const auto server = receiver(accept_all);
  const auto transport = create(lab());
  for (int i = 0; i < 5; ++i) CHECK(deliver(*transport, url_of(*server)).value().status == 204);
  CHECK(server->stats().accepted == 1);
  CHECK(server->stats().requests == 5);
}

TEST_CASE("http transport: a kept connection that the receiver closed is replaced") {
  auto server = receiver(accept_all);
  const auto transport = create(lab());
  ServerOptions same_port;
  same_port.port = server->port();
  const std::string url = url_of(*server);
  CHECK(deliver(*transport, url).has_value());
  server->stop();
  server = Server::start(same_port, accept_all).value();
  CHECK(deliver(*transport, url).has_value());
}

TEST_CASE("http transport: a redirect is an answer and is not followed") {
  std::atomic<int> asked = 0;
  const auto server = receiver([&](HttpRequest, HttpReply reply) {
    ++asked;
    HttpResponse response;
    response.status = 302;
    response.headers = {{"Location", "/elsewhere"}};
    reply(std::move(response));
  });
  const auto transport = create(lab());
  CHECK(deliver(*transport, url_of(*server)).value().status == 302);
  CHECK(asked == 1);
}

TEST_CASE("http transport: of a long answer the first 20,000 octets are kept") {
  const auto server =
      receiver([](HttpRequest, HttpReply reply) { answer(reply, 200, Bytes(5'000'000, 'x')); });
  const auto transport = create(lab());
  CHECK(deliver(*transport, url_of(*server)).value().body == Bytes(20'000, 'x'));
  // The connection with the rest in it is not used again.
  CHECK(deliver(*transport, url_of(*server)).value().body.size() == 20'000);
  CHECK(server->stats().accepted == 2);
}

TEST_CASE("http transport: a receiver that does not answer costs one attempt's time") {
  HttpTransportOptions options = lab();
  options.attempt = 100ms;
  const auto transport = create(options);
  const RawReceiver silent("");
  CHECK(refusal_of(deliver(*transport, silent.url())) == "delivery-timed-out");
  const RawReceiver halting("HTTP/1.1 200 OK\r\nContent-");
  CHECK(refusal_of(deliver(*transport, halting.url())) == "delivery-timed-out");
}

TEST_CASE("http transport: a status counts although the body breaks off") {
  HttpTransportOptions options = lab();
  options.attempt = 100ms;
  const auto transport = create(options);
  const RawReceiver peer("HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\nbegun");
  const Outcome outcome = deliver(*transport, peer.url());
  REQUIRE(outcome);
  CHECK(outcome->status == 202);
  CHECK(outcome->body == "begun");
}

TEST_CASE("http transport: a body without a length ends with the connection") {
  const auto transport = create(lab());
  const RawReceiver old("HTTP/1.0 200 OK\r\n\r\nall of it", RawReceiver::Then::closes);
  CHECK(deliver(*transport, old.url()).value().body == "all of it");
  const RawReceiver mute("", RawReceiver::Then::closes);
  CHECK(refusal_of(deliver(*transport, mute.url())) == "delivery-answer-malformed");
  const RawReceiver chunked(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nall\r\n6\r\n of it\r\n0\r\n\r\n");
  CHECK(deliver(*transport, chunked.url()).value().body == "all of it");
}

TEST_CASE("http transport: interim answers are passed over, but not for ever") {
  const auto transport = create(lab());
  const RawReceiver patient(
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
  CHECK(deliver(*transport, patient.url()).value().status == 204);
  Bytes endless;
  for (int i = 0; i < 100; ++i) endless += "HTTP/1.1 100 Continue\r\n\r\n";
  const RawReceiver stalling(endless);
  CHECK(refusal_of(deliver(*transport, stalling.url())) == "delivery-answer-malformed");
}

TEST_CASE("http transport: an answer that is not HTTP, or has too large a head, is an error") {
  const auto transport = create(lab());
  const RawReceiver mail("220 mail.example ESMTP\r\n\r\n");
  CHECK(refusal_of(deliver(*transport, mail.url())) == "delivery-answer-malformed");
  const RawReceiver large("HTTP/1.1 200 OK\r\nX: " + std::string(17'000, 'x') + "\r\n\r\n");
  CHECK(refusal_of(deliver(*transport, large.url())) == "delivery-answer-malformed");
}

TEST_CASE("http transport: nobody listening is an error") {
  auto server = receiver(accept_all);
  const std::string url = url_of(*server);
  server = nullptr;
  const auto transport = create(lab());
  CHECK(refusal_of(deliver(*transport, url)) == "delivery-unreachable");
}

TEST_CASE("http transport: outside the laboratory no private address is contacted") {
  const TestCertificate certificate("right.example");
  const auto server =
      receiver(accept_all, ServerTls{certificate.certificate_file(), certificate.key_file(), {}});
  HttpTransportOptions options;
  options.tls.ca_file = certificate.certificate_file();
  options.rules.ports = {server->port()};
  options.resolve = [](const std::string& name) -> Result<std::vector<IpAddress>> {
    if (name == "mixed.example") return std::vector<IpAddress>{at("1.1.1.1"), at("127.0.0.1")};
    if (name == "empty.example") return std::vector<IpAddress>{};
    return std::vector<IpAddress>{at("127.0.0.1")};
  };
  const auto transport = create(options);
  const std::string port = ":" + std::to_string(server->port()) + "/";
  for (const std::string host : {"localhost", "127.0.0.1", "right.example", "mixed.example"}) {
    CAPTURE(host);
    CHECK(refusal_of(deliver(*transport, "https://" + host + port)) == "delivery-target-refused");
  }
  CHECK(refusal_of(deliver(*transport, "https://empty.example" + port)) == "delivery-unreachable");
  CHECK(refusal_of(deliver(*transport, "http://right.example" + port)) ==
        "delivery-target-refused");
  CHECK(server->stats().accepted == 0);
}

TEST_CASE("http transport: a name is resolved anew for each attempt, and the new address counts") {
  const auto server = receiver(accept_all);
  std::atomic<int> asked = 0;
  HttpTransportOptions options = lab();
  options.rules.own_addresses = {at("127.0.0.2")};
  options.resolve = [&](const std::string&) {
    return std::vector<IpAddress>{at(++asked == 1 ? "127.0.0.1" : "127.0.0.2")};
  };
  const auto transport = create(options);
  const std::string url = "http://rebinding.example:" + std::to_string(server->port()) + "/";
  CHECK(deliver(*transport, url).has_value());
  CHECK(refusal_of(deliver(*transport, url)) == "delivery-target-refused");
  CHECK(asked == 2);
}

TEST_CASE("http transport: a name that is slow to resolve costs one attempt's time") {
  std::promise<void> released;
  const std::shared_future<void> release = released.get_future().share();
  HttpTransportOptions options = lab();
  options.attempt = 50ms;
  options.resolve = [release](const std::string&) {
    release.wait();
    return std::vector<IpAddress>{at("127.0.0.1")};
  };
  const auto transport = create(options);
  CHECK(refusal_of(deliver(*transport, "http://slow.example/")) == "delivery-timed-out");
  released.set_value();
}

TEST_CASE("http transport: attempts to one host are bounded, and the others wait their turn") {
  std::mutex mutex;
  std::vector<HttpReply> held;
  std::latch two(2);
  std::atomic<bool> holding = true;
  const auto server = receiver([&](HttpRequest, HttpReply reply) {
    if (!holding) {
      answer(reply, 204);
      return;
    }
    {
      const std::lock_guard lock(mutex);
      held.push_back(std::move(reply));
    }
    two.count_down();
  });
  const auto other = receiver(accept_all);
  HttpTransportOptions options = lab();
  options.per_host_max = 2;
  const auto transport = create(options);
  std::vector<std::future<Outcome>> outcomes;
  for (int i = 0; i < 6; ++i) {
    outcomes.push_back(send(*transport, {.url = url_of(*server), .headers = {}, .body = ""}));
  }
  two.wait();
  // Another host is not held up, and by its answer the third message had its chance.
  CHECK(deliver(*transport, url_of(*other)).has_value());
  CHECK(server->stats().requests == 2);
  holding = false;
  for (const HttpReply& reply : held) answer(reply, 204);
  for (auto& outcome : outcomes) CHECK(outcome.get().value().status == 204);
}

TEST_CASE("http transport: as many connections are kept as there is room for, the newest ones") {
  for (const std::size_t room : {1U, 2U}) {
    CAPTURE(room);
    const auto one = receiver(accept_all);
    const auto other = receiver(accept_all);
    HttpTransportOptions options = lab();
    options.idle_max = room;
    const auto transport = create(options);
    for (int i = 0; i < 3; ++i) {
      CHECK(deliver(*transport, url_of(*one)).has_value());
      CHECK(deliver(*transport, url_of(*other)).has_value());
    }
    CHECK(deliver(*transport, url_of(*other)).has_value());
    const std::uint64_t connections = room == 1 ? 3 : 1;
    CHECK(one->stats().accepted == connections);
    CHECK(other->stats().accepted == connections);
  }
}

TEST_CASE("http transport: many messages to many hosts all have one outcome each") {
  std::vector<std::unique_ptr<Server>> servers;
  for (int i = 0; i < 4; ++i) servers.push_back(receiver(accept_all));
  HttpTransportOptions options = lab();
  options.threads = 2;
  options.in_flight_max = 6;
  const auto transport = create(options);
  std::vector<std::future<Outcome>> outcomes;
  for (std::size_t i = 0; i < 400; ++i) {
    outcomes.push_back(
        send(*transport, {.url = url_of(*servers[i % 4]), .headers = {}, .body = "x"}));
  }
  for (auto& outcome : outcomes) CHECK(outcome.get().value().status == 204);
}

TEST_CASE("http transport: stopping gives every message its outcome") {
  std::promise<HttpReply> arrived;
  const auto server =
      receiver([&](HttpRequest, HttpReply reply) { arrived.set_value(std::move(reply)); });
  HttpTransportOptions options = lab();
  options.per_host_max = 1;
  options.stop_grace = 50ms;
  const auto transport = create(options);
  auto under_way = send(*transport, {.url = url_of(*server), .headers = {}, .body = ""});
  const HttpReply reply = arrived.get_future().get();
  auto waiting = send(*transport, {.url = url_of(*server), .headers = {}, .body = ""});
  transport->stop();
  CHECK_FALSE(under_way.get());
  CHECK(refusal_of(waiting.get()) == "delivery-stopping");
  CHECK(refusal_of(deliver(*transport, url_of(*server))) == "delivery-stopping");
  answer(reply, 204);
}

TEST_CASE("http transport: a message that could not be sent safely is refused") {
  const auto server = receiver(accept_all);
  const auto transport = create(lab());
  const auto refusal = [&](std::string method, std::string name, std::string value) {
    return refusal_of(send(*transport, {.url = url_of(*server),
                                        .method = std::move(method),
                                        .headers = {{std::move(name), std::move(value)}},
                                        .body = ""})
                          .get());
  };
  CHECK(refusal("POST", "A", "b\r\nC: d") == "delivery-message-malformed");
  CHECK(refusal("POST", "A\r\nB", "c") == "delivery-message-malformed");
  CHECK(refusal("POST", "", "c") == "delivery-message-malformed");
  CHECK(refusal("CONNECT", "A", "b") == "delivery-message-malformed");
  CHECK(server->stats().accepted == 0);
  CHECK(refusal("OPTIONS", "WebHook-Request-Origin", "cpl.example").empty());
}

}  // namespace cpl::testing::http_transport_test
