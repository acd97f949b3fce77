// Streams over real sockets: what the connection does with a body that has no end yet.
#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "api/server/server.hpp"
#include "tests/support/raw_client.hpp"

namespace cpl::testing::stream_test {

using namespace std::chrono_literals;

namespace {

std::shared_ptr<const Bytes> shared(Bytes octets) {
  return std::make_shared<const Bytes>(std::move(octets));
}

// What a test publishes, for all streams alike.
struct Source {
  std::mutex mutex;
  std::vector<Bytes> published;  // Guarded by mutex.
  std::atomic<int> open{0};
  std::atomic<std::size_t> given{0};  // Pieces, of all streams.
  std::chrono::milliseconds quiet{60'000};

  void publish(Bytes octets) {
    const std::lock_guard lock(mutex);
    published.push_back(std::move(octets));
  }
};

class TestStream final : public HttpStream {
 public:
  explicit TestStream(Source& source) : source_(source) { ++source_.open; }
  ~TestStream() override { --source_.open; }

  Piece next() override {
    const std::lock_guard lock(source_.mutex);
    if (at_ == source_.published.size()) return {};
    const Bytes& octets = source_.published[at_++];
    ++source_.given;
    if (octets == "end") return {nullptr, Then::end};
    if (octets == "last") return {shared("last"), Then::end};
    if (octets == "broken") return {nullptr, Then::break_off};
    return {shared(octets)};
  }
  Piece on_quiet() override { return {shared("quiet")}; }
  std::chrono::milliseconds quiet_time() const override { return source_.quiet; }
  std::shared_ptr<const Bytes> farewell() override { return shared("farewell"); }

 private:
  Source& source_;
  std::size_t at_ = 0;
};

std::unique_ptr<Server> start(Source& source, ServerLimits limits = {}) {
  ServerOptions options;
  options.limits = limits;
  return Server::start(options,
                       [&source](const HttpRequest& request, const HttpReply& reply) {
                         HttpResponse response;
                         response.headers = {{"Content-Type", "text/plain"}};
                         if (request.target == "/stream") {
                           response.stream = std::make_shared<TestStream>(source);
                         } else {
                           response.body = shared("whole");
                         }
                         reply(std::move(response));
                       })
      .value();
}

constexpr std::string_view ask = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";

std::string chunk(const std::string& octets) {
  std::array<char, 8> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), octets.size(), 16).ptr;
  return std::string(size.data(), end) + "\r\n" + octets + "\r\n";
}

void publish(Source& source, Server& server, Bytes octets) {
  source.publish(std::move(octets));
  server.wake_streams();
}

// Where a test must wait for what the server does by itself.
template <class Condition>
bool soon(const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace

TEST_CASE("server stream: what is published reaches every reader, chunk by chunk") {
  Source source;
  const auto server = start(source);
  source.publish("before ");
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(server->port()));
    clients.back()->send(ask);
    RawAnswer head = clients.back()->read(RawClient::Body::none);
    CHECK(head.status == 200);
    CHECK(head.headers["transfer-encoding"] == "chunked");
    CHECK(head.headers.count("content-length") == 0);
    CHECK(clients.back()->read_octets(chunk("before ").size()) == chunk("before "));
  }
  for (const std::string word : {"one", "two", "three"}) {
    publish(source, *server, word);
    for (const auto& client : clients) {
      CHECK(client->read_octets(chunk(word).size()) == chunk(word));
    }
  }
  publish(source, *server, "last");
  // A whole body, so that the connection serves on.
  for (const auto& client : clients) {
    const std::string end = chunk("last") + "0\r\n\r\n";
    CHECK(client->read_octets(end.size()) == end);
    CHECK(client->get("/other").body == "whole");
  }
  CHECK(soon([&] { return source.open == 0; }));
}

TEST_CASE("server stream: a request that comes while a stream runs waits for its end") {
  Source source;
  const auto server = start(source);
  RawClient client(server->port());
  client.send(ask);
  client.read(RawClient::Body::none);
  client.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
  publish(source, *server, "one");
  CHECK(client.read_octets(chunk("one").size()) == chunk("one"));
  publish(source, *server, "end");
  CHECK(client.read_octets(5) == "0\r\n\r\n");
  CHECK(client.read().body == "whole");
}

TEST_CASE("server stream: HTTP/1.0 and HEAD get what they understand") {
  Source source;
  const auto server = start(source);
  source.publish("one");
  source.publish("end");
  RawClient old(server->port());
  old.send("GET /stream HTTP/1.0\r\n\r\n");
  RawAnswer head = old.read(RawClient::Body::none);
  CHECK(head.headers.count("transfer-encoding") == 0);
  CHECK(head.headers["connection"] == "close");
  CHECK(old.read_to_end() == "one");
  RawClient modern(server->port());
  modern.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(modern.read(RawClient::Body::none).status == 200);
  CHECK(modern.get("/other").body == "whole");
  CHECK(soon([&] { return source.open == 0; }));
}

TEST_CASE("server stream: a body that cannot go on does not look whole") {
  Source source;
  const auto server = start(source);
  source.publish("one");
  source.publish("broken");
  RawClient client(server->port());
  client.send(ask);
  client.read(RawClient::Body::none);
  CHECK(client.read_to_end() == chunk("one"));
}

TEST_CASE("server stream: silence is broken by a word of the stream") {
  Source source;
  source.quiet = 30ms;
  const auto server = start(source, {.idle = 80ms});
  RawClient client(server->port());
  client.send(ask);
  client.read(RawClient::Body::none);
  for (int i = 0; i < 3; ++i) {
    CHECK(client.read_octets(chunk("quiet").size()) == chunk("quiet"));
  }
  publish(source, *server, "end");
}

TEST_CASE("server stream: a reader that goes away is noticed without a word to it") {
  Source source;
  const auto server = start(source);
  auto client = std::make_unique<RawClient>(server->port());
  client->send(ask);
  client->read(RawClient::Body::none);
  CHECK(soon([&] { return source.open == 1; }));
  client = nullptr;
  CHECK(soon([&] { return source.open == 0; }));
  CHECK(soon([&] { return server->stats().open == 0; }));
}

TEST_CASE("server stream: a stalled reader is asked nothing more, and closed after a time") {
  Source source;
  const auto server = start(source, {.write = 2s});
  RawClient stalled(server->port());
  RawClient reader(server->port());
  for (RawClient* client : {&stalled, &reader}) {
    client->send(ask);
    client->read(RawClient::Body::none);
  }
  constexpr std::size_t pieces = 400;
  const Bytes piece(64 * 1024, 'x');
  auto reading = std::async(std::launch::async, [&] {
    std::size_t whole = 0;
    for (std::size_t i = 0; i < pieces; ++i) {
      whole += reader.read_octets(chunk(piece).size()) == chunk(piece) ? 1 : 0;
    }
    return whole;
  });
  for (std::size_t i = 0; i < pieces; ++i) publish(source, *server, piece);
  CHECK(reading.get() == pieces);  // Nobody else waits for the one that stalls.
  // Only what the system's own buffers took was ever made for it: some megabytes at most.
  CHECK(soon([&] { return source.open == 1; }));
  CHECK(source.given - pieces < 150);
  CHECK(stalled.read_to_end().size() < pieces * piece.size());
}

TEST_CASE("server stream: stopping lets readers go with a word, waiting ones and busy ones") {
  Source source;
  auto server = start(source, {.drain = 500ms});
  RawClient waiting(server->port());
  RawClient stalled(server->port());
  for (RawClient* client : {&waiting, &stalled}) {
    client->send(ask);
    client->read(RawClient::Body::none);
  }
  auto reading = std::async(std::launch::async, [&] { return waiting.read_to_end(); });
  for (int i = 0; i < 200; ++i) publish(source, *server, Bytes(64 * 1024, 'x'));
  CHECK(soon([&] { return source.given >= 200; }));
  server->stop();  // Waits no longer than it may for the one that takes nothing.
  const Bytes octets = reading.get();
  CHECK(octets.ends_with(chunk("farewell") + "0\r\n\r\n"));
  CHECK(source.open == 0);
}

}  // namespace cpl::testing::stream_test
