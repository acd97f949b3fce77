#include <openssl/err.h>
#include <openssl/ssl.h>

#include <atomic>
#include <catch2/catch.hpp>

#include "api/server/server.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/tls_fixture.hpp"

namespace cpl::testing::tls_test {

namespace {

// A blocking TLS client on top of RawClient's socket.
class TlsClient final {
 public:
  TlsClient(std::uint16_t port, int version, const TestCertificate* own = nullptr)
      : socket_(port),
        context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free),
        session_(nullptr, &SSL_free) {
    SSL_CTX* const context = context_.get();
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    // Low enough for a TLS 1.1 that the server then has to refuse by itself.
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    if (own != nullptr) {
      SSL_CTX_use_certificate_chain_file(context, own->certificate_file().c_str());
      SSL_CTX_use_PrivateKey_file(context, own->key_file().c_str(), SSL_FILETYPE_PEM);
    }
    session_.reset(SSL_new(context));
    SSL_set_fd(session_.get(), socket_.socket());
    ERR_clear_error();
    connected_ = SSL_connect(session_.get()) == 1;
    if (!connected_) reason_ = ERR_GET_REASON(ERR_peek_error());
  }

  bool connected() const { return connected_; }
  int reason() const { return reason_; }
  bool renegotiates() {
    return SSL_renegotiate(session_.get()) == 1 && SSL_do_handshake(session_.get()) == 1;
  }

  void ask(const std::string& target) {
    const std::string request = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    SSL_write(session_.get(), request.data(), static_cast<int>(request.size()));
  }

  // What comes up to `end`, or until the connection ends.
  Bytes read_until(std::string_view end) {
    Bytes received;
    while (!received.ends_with(end)) {
      std::array<char, 4096> buffer;
      const int count = SSL_read(session_.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (count <= 0) break;
      received.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return received;
  }

  // One answer, or what came of it before the connection ended.
  Bytes get(const std::string& target) {
    ask(target);
    return read_until("end");
  }

 private:
  RawClient socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> session_;
  bool connected_ = false;
  int reason_ = 0;
};

std::unique_ptr<Server> start(const TestCertificate& certificate,
                              const std::filesystem::path& client_ca_file = {}) {
  ServerOptions options;
  options.tls = ServerTls{certificate.certificate_file(), certificate.key_file(), client_ca_file};
  return Server::start(
             options,
             [](HttpRequest request, HttpReply reply) {
               HttpResponse response;
               response.body = std::make_shared<const Bytes>(
                   request.target + " from <" + request.client_certificate_subject + "> end");
               reply(std::move(response));
             })
      .value();
}

// Says "one", and "two end" once that was published.
class TwoPieces final : public HttpStream {
 public:
  explicit TwoPieces(std::atomic<bool>& published) : published_(published) {}
  Piece next() override {
    if (!std::exchange(begun_, true)) return {std::make_shared<const Bytes>("one end")};
    if (!published_) return {};
    return {std::make_shared<const Bytes>("two end"), Then::end};
  }
  Piece on_quiet() override { return {}; }
  std::chrono::milliseconds quiet_time() const override { return std::chrono::minutes(1); }
  std::shared_ptr<const Bytes> farewell() override { return nullptr; }

 private:
  std::atomic<bool>& published_;
  bool begun_ = false;
};

}  // namespace

TEST_CASE("server tls: a stream reaches its reader as it is published") {
  const TestCertificate certificate("cpl.example");
  std::atomic<bool> published = false;
  ServerOptions options;
  options.tls = ServerTls{certificate.certificate_file(), certificate.key_file(), {}};
  const auto server = Server::start(options, [&](const HttpRequest&, const HttpReply& reply) {
                        HttpResponse response;
                        response.stream = std::make_shared<TwoPieces>(published);
                        reply(std::move(response));
                      }).value();
  TlsClient client(server->port(), TLS1_3_VERSION);
  client.ask("/stream");
  CHECK(client.read_until("one end\r\n").ends_with("one end\r\n"));
  published = true;
  server->wake_streams();
  CHECK(client.read_until("0\r\n\r\n") == "7\r\ntwo end\r\n0\r\n\r\n");
  CHECK(client.read_until("more").empty());  // Closed in good order.
}

TEST_CASE("server tls: TLS 1.2 and 1.3 are spoken, several requests to a connection") {
  const TestCertificate certificate("cpl.example");
  const auto server = start(certificate);
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  TlsClient client(server->port(), version);
  REQUIRE(client.connected());
  CHECK(client.get("/a").ends_with("/a from <> end"));
  CHECK(client.get("/b").ends_with("/b from <> end"));
}

TEST_CASE("server tls: TLS 1.1 and 1.0 are refused by the server") {
  const TestCertificate certificate("cpl.example");
  const auto server = start(certificate);
  const int version = GENERATE(TLS1_1_VERSION, TLS1_VERSION);
  const TlsClient client(server->port(), version);
  CHECK_FALSE(client.connected());
  CHECK(client.reason() == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
}

TEST_CASE("server tls: renegotiation is refused") {
  const TestCertificate certificate("cpl.example");
  const auto server = start(certificate);
  TlsClient client(server->port(), TLS1_2_VERSION);
  CHECK(client.connected());
  CHECK_FALSE(client.renegotiates());
}

TEST_CASE("server tls: plain HTTP on the TLS port ends the connection and harms nobody") {
  const TestCertificate certificate("cpl.example");
  const auto server = start(certificate);
  RawClient plain(server->port());
  CHECK(plain.get("/x").status == 0);
  TlsClient client(server->port(), TLS1_3_VERSION);
  CHECK(client.get("/a").ends_with("end"));
}

TEST_CASE("server tls: a client's certificate is optional, verified and told to the handler") {
  const TestCertificate certificate("cpl.example");
  const TestCertificate party("party.example");
  const TestCertificate stranger("stranger.example");
  const auto server = start(certificate, party.certificate_file());
  TlsClient known(server->port(), TLS1_3_VERSION, &party);
  CHECK(known.get("/a").ends_with("/a from <CN=party.example> end"));
  TlsClient unnamed(server->port(), TLS1_3_VERSION);
  CHECK(unnamed.get("/a").ends_with("/a from <> end"));
  TlsClient unknown(server->port(), TLS1_3_VERSION, &stranger);
  CHECK(unknown.get("/a").empty());
}

TEST_CASE("server tls: whoever finds no room is told so, as far as a handshake goes") {
  const TestCertificate certificate("cpl.example");
  ServerOptions options;
  options.tls = ServerTls{certificate.certificate_file(), certificate.key_file(), {}};
  options.limits.connections_per_address_max = 1;
  const auto server =
      Server::start(options, [](HttpRequest, const HttpReply& reply) { reply({}); }).value();
  TlsClient first(server->port(), TLS1_3_VERSION);
  CHECK(first.connected());
  TlsClient second(server->port(), TLS1_3_VERSION);
  CHECK(second.connected());
  CHECK(second.read_until("}").find("HTTP/1.1 503 ") != Bytes::npos);
}

TEST_CASE("server tls: a certificate file that cannot be used is a refusal with its name") {
  const TestCertificate certificate("cpl.example");
  ServerOptions options;
  options.tls = ServerTls{"/nowhere/certificate.pem", certificate.key_file(), {}};
  const auto server = Server::start(options, [](HttpRequest, HttpReply) {});
  REQUIRE_FALSE(server);
  CHECK(server.error().code == "tls-file-unusable");
  CHECK(server.error().detail.find("/nowhere/certificate.pem") != std::string::npos);
}

}  // namespace cpl::testing::tls_test
