// TLS with the receivers of webhooks: whom they are taken for, and what they are shown.
#include <mutex>

#include "tests/notifier/send/http_transport_fixture.hpp"
#include "tests/support/tls_fixture.hpp"

namespace cpl::testing::http_transport_tls_test {

TEST_CASE("http transport: a certificate is checked against the name that was asked for") {
  const TestCertificate certificate("right.example");
  const auto server =
      receiver(accept_all, ServerTls{certificate.certificate_file(), certificate.key_file(), {}});
  HttpTransportOptions options = lab();
  options.tls.ca_file = certificate.certificate_file();
  options.resolve = [](const std::string&) { return std::vector<IpAddress>{at("127.0.0.1")}; };
  const std::string port = ":" + std::to_string(server->port()) + "/";
  const auto transport = create(options);
  CHECK(deliver(*transport, "https://right.example" + port).value().status == 204);
  CHECK(refusal_of(deliver(*transport, "https://wrong.example" + port)) == "delivery-tls-failed");
  CHECK(refusal_of(deliver(*transport, "https://127.0.0.1" + port)) == "delivery-tls-failed");
  CHECK(server->stats().requests == 1);
  options.tls.ca_file.clear();
  const auto trusting_the_system = create(options);
  CHECK(refusal_of(deliver(*trusting_the_system, "https://right.example" + port)) ==
        "delivery-tls-failed");
}

TEST_CASE("http transport: an endpoint has authorities and a client certificate of its own") {
  const TestCertificate theirs("desk.example");
  const TestCertificate ours("registry.example");
  std::mutex mutex;
  std::vector<std::string> callers;
  const auto server = receiver(
      [&](const HttpRequest& request, const HttpReply& reply) {
        const std::lock_guard lock(mutex);
        callers.push_back(request.client_certificate_subject);
        answer(reply, 204);
      },
      ServerTls{theirs.certificate_file(), theirs.key_file(), ours.certificate_file()});
  HttpTransportOptions options = lab();
  options.resolve = [](const std::string&) { return std::vector<IpAddress>{at("127.0.0.1")}; };
  options.tls_by_host["desk.example"] = {theirs.certificate_file(), ours.certificate_file(),
                                         ours.key_file()};
  const std::string url = "https://desk.example:" + std::to_string(server->port()) + "/";
  CHECK(deliver(*create(options), url).value().status == 204);
  // Spelt as a stranger may: it is the same host.
  const std::string shouted = "https://DESK.example:" + std::to_string(server->port()) + "/";
  CHECK(deliver(*create(options), shouted).value().status == 204);
  CHECK(callers == std::vector<std::string>{"CN=registry.example", "CN=registry.example"});

  options.tls_by_host["desk.example"] = {theirs.certificate_file(), {}, {}};
  CHECK(deliver(*create(options), url).value().status == 204);
  CHECK(callers.back().empty());
  options.tls_by_host["desk.example"] = {ours.certificate_file(), {}, {}};
  CHECK(refusal_of(deliver(*create(options), url)) == "delivery-tls-failed");
  options.tls_by_host.clear();
  CHECK(refusal_of(deliver(*create(options), url)) == "delivery-tls-failed");
  options.tls = {theirs.certificate_file(), ours.certificate_file(), ours.key_file()};
  CHECK(deliver(*create(options), url).value().status == 204);
  CHECK(callers.back() == "CN=registry.example");
}

TEST_CASE(
    "http transport: our certificate is shown to verified receivers alone, on connections apart") {
  const TestCertificate theirs("desk.example");
  const TestCertificate ours("registry.example");
  std::mutex mutex;
  std::vector<std::string> callers;
  const auto server = receiver(
      [&](const HttpRequest& request, const HttpReply& reply) {
        const std::lock_guard lock(mutex);
        callers.push_back(request.client_certificate_subject);
        answer(reply, 204);
      },
      ServerTls{theirs.certificate_file(), theirs.key_file(), ours.certificate_file()});
  HttpTransportOptions options = lab();
  options.resolve = [](const std::string&) { return std::vector<IpAddress>{at("127.0.0.1")}; };
  EndpointTls endpoint{theirs.certificate_file(), ours.certificate_file(), ours.key_file()};
  SECTION("an endpoint of one host") { options.tls_by_host["desk.example"] = endpoint; }
  SECTION("all endpoints") { options.tls = endpoint; }
  SECTION("one that an owner has") {
    endpoint.owner = "desk";
    options.tls_by_host["desk.example"] = endpoint;
  }
  const auto transport = create(options);
  const std::string url = "https://desk.example:" + std::to_string(server->port()) + "/any/path";
  const auto shown_to = [&](const std::string& owner, bool verified) {
    CHECK(send(*transport,
               {.url = url, .owner = owner, .headers = {}, .body = "", .verified = verified})
              .get()
              .value()
              .status == 204);
    return !callers.back().empty();
  };
  for (int round = 0; round < 2; ++round) {  // On new connections, and on those that were kept.
    CHECK(shown_to("party", true));
    CHECK_FALSE(shown_to("party", false));
    CHECK(shown_to("desk", false) == !endpoint.owner.empty());
    CHECK_FALSE(shown_to("", false));
  }
  CHECK(server->stats().accepted == 2);
}

TEST_CASE("http transport: a failed TLS connection says what is to be mended") {
  const std::string host = "right.example";
  const TestCertificate root("root.example");
  const TestCertificate between("between.example", {.issuer = &root});
  const TestCertificate good(host, {.issuer = &between});
  const TestCertificate self(host);
  const TestCertificate expired(host, {.from_seconds = -7200, .to_seconds = -3600});
  const TestCertificate early(host, {.from_seconds = 3600, .to_seconds = 7200});
  const auto failure = [](const TestCertificate& theirs, const TestCertificate& trusted,
                          const std::string& name) {
    const auto server =
        receiver(accept_all, ServerTls{theirs.certificate_file(), theirs.key_file(), {}});
    HttpTransportOptions options = lab();
    options.tls.ca_file = trusted.certificate_file();
    options.resolve = [](const std::string&) { return std::vector<IpAddress>{at("127.0.0.1")}; };
    const Outcome outcome =
        deliver(*create(options), "https://" + name + ":" + std::to_string(server->port()) + "/");
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == "delivery-tls-failed");
    CHECK(outcome.error().detail.size() <= 300);
    return outcome.error().detail;
  };
  CHECK_THAT(failure(expired, expired, host), Catch::Contains("has expired on 20"));
  CHECK_THAT(failure(early, early, host), Catch::Contains("is not valid before 20"));
  CHECK_THAT(failure(self, self, "wrong.example"),
             Catch::Contains("it names right.example, and not wrong.example"));
  CHECK_THAT(failure(self, root, host), Catch::Contains("is self-signed"));
  CHECK_THAT(failure(good, root, host), Catch::Contains("an intermediate certificate is missing") &&
                                            Catch::Contains("\"between.example\""));
  CHECK_THAT(failure(between, self, "between.example"), Catch::Contains("\"root.example\""));
}

TEST_CASE("http transport: what does not speak TLS is said not to") {
  const auto plain = receiver(accept_all);
  const auto transport = create(lab());
  const Outcome outcome =
      deliver(*transport, "https://127.0.0.1:" + std::to_string(plain->port()) + "/");
  REQUIRE_FALSE(outcome);
  CHECK_THAT(outcome.error().detail, Catch::Contains("does not speak TLS"));
}

TEST_CASE("http transport: files of an endpoint that cannot be used are named at the start") {
  const TestCertificate ours("registry.example");
  const TestCertificate another("another.example");
  HttpTransportOptions options = lab();
  const auto refusal = [&](const EndpointTls& tls) {
    options.tls_by_host["desk.example"] = tls;
    const auto transport = HttpTransport::create(options);
    return transport ? "" : transport.error().detail;
  };
  CHECK(refusal({{}, ours.certificate_file(), ours.key_file()}).empty());
  CHECK_THAT(refusal({"/no/ca.pem", {}, {}}), Catch::Contains("/no/ca.pem"));
  CHECK_THAT(refusal({{}, "/no/own.pem", ours.key_file()}), Catch::Contains("/no/own.pem"));
  CHECK_THAT(refusal({{}, ours.certificate_file(), another.key_file()}),
             Catch::Contains(another.key_file().string()));
}

}  // namespace cpl::testing::http_transport_tls_test
