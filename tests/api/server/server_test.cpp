#include "api/server/server.hpp"

#include <netinet/tcp.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <nlohmann/json.hpp>
#include <numeric>
#include <thread>

#include "tests/support/raw_client.hpp"

namespace cpl::testing::server_test {

using namespace std::chrono_literals;

namespace {

std::shared_ptr<const Bytes> shared(Bytes body) {
  return std::make_shared<const Bytes>(std::move(body));
}

HttpResponse answer(Bytes body) {
  return {
      .status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = shared(std::move(body))};
}

// Says what it was asked.
void echo(HttpRequest request, HttpReply reply) {
  reply(answer(request.target + " " + request.body));
}

std::unique_ptr<Server> start(HttpHandler handler, ServerLimits limits = {}) {
  ServerOptions options;
  options.limits = limits;
  options.problem_base = "https://cpl.example/problems/";
  return Server::start(options, std::move(handler)).value();
}

std::string post(std::string_view target, std::string_view body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

void check_problem(const RawAnswer& got, int status, std::string_view slug) {
  CHECK(got.status == status);
  auto headers = got.headers;
  CHECK(headers["content-type"] == "application/problem+json");
  CHECK(headers["connection"] == "close");
  CHECK_FALSE(headers["date"].empty());
  const auto json = nlohmann::json::parse(got.body);
  CHECK(json["type"] == "https://cpl.example/problems/" + std::string(slug));
  CHECK(json["code"] == slug);
  CHECK(json["status"] == status);
}

// Whether TCP_NODELAY is set on the socket at the other end of `client`, which is in this process.
bool server_side_has_no_delay(const RawClient& client) {
  sockaddr_in ours{};
  socklen_t length = sizeof(ours);
  ::getsockname(client.socket(), reinterpret_cast<sockaddr*>(&ours), &length);
  for (int fd = 0; fd < 1024; ++fd) {
    sockaddr_in theirs{};
    length = sizeof(theirs);
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&theirs), &length) != 0) continue;
    if (theirs.sin_port != ours.sin_port || theirs.sin_addr.s_addr != ours.sin_addr.s_addr)
      continue;
    int on = 0;
    length = sizeof(on);
    ::getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &length);
    return on != 0;
  }
  return false;
}

}  // namespace

TEST_CASE("server: a connection serves one request after another") {
  const auto server = start(echo);
  RawClient client(server->port());
  const RawAnswer first = client.get("/a");
  CHECK(first.status == 200);
  CHECK(first.body == "/a ");
  CHECK(first.headers.at("server") == "cpld");
  CHECK(first.headers.at("content-length") == "3");
  CHECK(first.headers.at("content-type") == "text/plain");
  CHECK(first.headers.at("date").ends_with(" GMT"));
  CHECK(first.headers.count("connection") == 0);
  CHECK(client.get("/b").body == "/b ");
  const ServerStats stats = server->stats();
  CHECK(stats.accepted == 1);
  CHECK(stats.open == 1);
  CHECK(stats.requests == 2);
  const auto& times = stats.answer_times.counts;
  CHECK(std::accumulate(times.begin(), times.end(), std::uint64_t{0}) == 2);
}

TEST_CASE("server: pipelined requests are answered in order") {
  const auto server = start(echo);
  RawClient client(server->port());
  client.send(post("/1", "one") + post("/2", "two") + post("/3", "three"));
  CHECK(client.read().body == "/1 one");
  CHECK(client.read().body == "/2 two");
  CHECK(client.read().body == "/3 three");
}

TEST_CASE("server: an empty line behind a body is no request, and does not start its clock") {
  ServerLimits limits;
  limits.header_read = std::chrono::milliseconds(100);
  limits.idle = std::chrono::milliseconds(1'000);
  const auto server = start(echo, limits);
  RawClient client(server->port());
  client.send(post("/1", "one") + "\r\n" + post("/2", "two") + "\r\n");
  CHECK(client.read().body == "/1 one");
  CHECK(client.read().body == "/2 two");
  CHECK(client.read_to_end().empty());  // Idle: closed without a word.
}

TEST_CASE("server: HEAD has the length of the body and no body") {
  const auto server = start(echo);
  RawClient client(server->port());
  client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(client.read(RawClient::Body::none).headers.at("content-length") == "3");
  CHECK(client.get("/y").body == "/y ");
}

TEST_CASE("server: the connection closes when the client wants it to, or speaks HTTP/1.0") {
  const auto server = start(echo);
  const auto request =
      GENERATE(as<std::string_view>(), "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
               "GET /x HTTP/1.0\r\n\r\n", "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  RawClient client(server->port());
  client.send(request);
  const RawAnswer got = client.read();
  CHECK(got.body == "/x ");
  CHECK(got.headers.at("connection") == "close");
  CHECK(client.read_to_end().empty());
}

TEST_CASE("server: a large body arrives whole, and a large answer too") {
  const auto server = start([](HttpRequest request, HttpReply reply) {
    Bytes body;
    for (int i = 0; i < 40; ++i) body += request.body;
    reply(answer(std::move(body)));
  });
  Bytes body;
  for (int i = 0; i < 100'000; ++i) body += std::to_string(i % 10);
  RawClient client(server->port());
  client.send(post("/", body));
  const RawAnswer got = client.read();
  CHECK(got.body.size() == 40 * body.size());
  CHECK(got.body.ends_with(body));
}

TEST_CASE("server: a client that expects 100-continue is told to go on") {
  const auto server = start(echo);
  RawClient client(server->port());
  client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  CHECK(client.read().status == 100);
  client.send("abc");
  CHECK(client.read().body == "/x abc");
}

TEST_CASE("server: what is too large is refused, and the answer survives the upload") {
  const auto server = start(echo, {.header_octets_max = 4096, .body_octets_max = 1000});
  SECTION("a body") {
    RawClient client(server->port());
    client.send(post("/x", std::string(500'000, 'x')));
    check_problem(client.read(), 413, "body-too-large");
    CHECK(client.read_to_end().empty());
  }
  SECTION("a body that would have followed 100-continue") {
    RawClient client(server->port());
    client.send(
        "POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
    check_problem(client.read(), 413, "body-too-large");
  }
  SECTION("a header") {
    RawClient client(server->port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n");
    check_problem(client.read(), 431, "header-too-large");
  }
}

TEST_CASE("server: what is malformed is refused and the connection closed") {
  const auto server = start(echo);
  RawClient chunked(server->port());
  chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  check_problem(chunked.read(), 411, "length-required");
  CHECK(chunked.read_to_end().empty());
  RawClient nonsense(server->port());
  nonsense.send("\x16\x03\x01 this is not HTTP\r\n\r\n");
  check_problem(nonsense.read(), 400, "bad-request");
  RawClient target(server->port());
  check_problem(target.get("/a/../b"), 400, "bad-target");
  CHECK(server->stats().requests == 0);
}

TEST_CASE("server: a client that is too slow is told so and cut off") {
  const auto server = start(echo, {.idle = 20s, .header_read = 100ms, .body_read = 100ms});
  const auto start_of_request =
      GENERATE(as<std::string_view>(), "G", "GET / HTTP/1.1\r\nHost: a\r\nX: ",
               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
  RawClient client(server->port());
  client.send(start_of_request);
  check_problem(client.read(), 408, "request-timeout");
  CHECK(client.read_to_end().empty());
}

TEST_CASE("server: a client that drips its header does not gain time") {
  const auto server = start(echo, {.header_read = 100ms});
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  int drops = 0;
  while (drops < 5000 && !client.readable_within(5ms)) {
    client.send("y");
    ++drops;
  }
  check_problem(client.read(), 408, "request-timeout");
}

TEST_CASE("server: an idle connection is closed without a word") {
  const auto server = start(echo, {.idle = 100ms});
  RawClient client(server->port());
  CHECK(client.get("/x").status == 200);
  CHECK(client.read_to_end().empty());
  RawClient silent(server->port());
  CHECK(silent.read_to_end().empty());
}

TEST_CASE("server: a client that does not take its answer is cut off") {
  const auto large = shared(Bytes(64 * 1024 * 1024, 'x'));
  const auto server =
      start([large](HttpRequest,
                    HttpReply reply) { reply({.status = 200, .headers = {}, .body = large}); },
            {.write = 100ms});
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  while (server->stats().open != 0 || server->stats().requests == 0) std::this_thread::yield();
  CHECK(client.read_to_end().size() < large->size());
}

TEST_CASE("server: a reply may come later, from another thread") {
  std::vector<std::thread> threads;
  std::mutex mutex;
  const auto server = start([&](HttpRequest request, HttpReply reply) {
    const std::lock_guard lock(mutex);
    threads.emplace_back([target = request.target, reply] { reply(answer(target)); });
  });
  RawClient client(server->port());
  for (int i = 0; i < 200; ++i) {
    const std::string target = "/" + std::to_string(i);
    REQUIRE(client.get(target).body == target);
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_CASE("server: a reply that is dropped unused becomes an error") {
  const auto server = start([](HttpRequest, HttpReply) {});
  RawClient client(server->port());
  const RawAnswer got = client.get("/x");
  CHECK(got.status == 500);
  CHECK(nlohmann::json::parse(got.body)["type"] == "https://cpl.example/problems/no-answer");
}

TEST_CASE("server: an exception ends its connection and nothing else") {
  const auto server = start([](HttpRequest request, HttpReply reply) {
    if (request.target == "/bad") throw std::runtime_error("a bug");
    reply(answer("good"));
  });
  RawClient unlucky(server->port());
  CHECK(unlucky.get("/bad").status == 0);
  RawClient client(server->port());
  CHECK(client.get("/good").body == "good");
}

TEST_CASE("server: stopping closes idle connections and finishes the request in hand") {
  std::promise<HttpReply> in_hand;
  const auto server = start([&](HttpRequest request, HttpReply reply) {
    if (request.target == "/slow") {
      in_hand.set_value(std::move(reply));
    } else {
      reply(answer("quick"));
    }
  });
  RawClient idle(server->port());
  CHECK(idle.get("/quick").body == "quick");
  RawClient busy(server->port());
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  HttpReply reply = in_hand.get_future().get();
  std::thread stopping([&] { server->stop(); });
  CHECK(idle.read_to_end().empty());  // So the server is stopping now.
  CHECK_FALSE(RawClient(server->port()).connected());
  std::exchange(reply, nullptr)(answer("late but whole"));
  const RawAnswer got = busy.read();
  CHECK(got.body == "late but whole");
  CHECK(got.headers.at("connection") == "close");
  CHECK(busy.read_to_end().empty());
  ::shutdown(busy.socket(), SHUT_RDWR);
  stopping.join();
  CHECK(server->stats().open == 0);
}

TEST_CASE(
    "server: stopping gives up a request that is not answered, and a late reply is harmless") {
  std::promise<HttpReply> in_hand;
  auto server = start([&](HttpRequest, HttpReply reply) { in_hand.set_value(std::move(reply)); },
                      {.drain = 50ms});
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  HttpReply reply = in_hand.get_future().get();
  server->stop();
  CHECK(client.read().status == 0);
  server = nullptr;
  reply(answer("too late"));
}

TEST_CASE("server: many connections are served at the same time") {
  const auto server = start(echo);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      std::vector<std::unique_ptr<RawClient>> clients;
      for (int i = 0; i < 50; ++i) clients.push_back(std::make_unique<RawClient>(server->port()));
      for (int round = 0; round < 5; ++round) {
        for (const auto& client : clients) client->send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
        for (const auto& client : clients) good += client->read().body == "/x " ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == 1000);
  CHECK(server->stats().accepted == 200);
}

TEST_CASE("server: accepted sockets do not wait for acknowledgements") {
  const auto server = start(echo);
  RawClient client(server->port());
  CHECK(client.get("/x").status == 200);
  CHECK(server_side_has_no_delay(client));
}

TEST_CASE("server: a port that is taken is a refusal with a reason") {
  const auto server = start(echo);
  ServerOptions options;
  options.port = server->port();
  const auto second = Server::start(options, echo);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == "listen-failed");
  options.address = "not an address";
  CHECK_FALSE(Server::start(options, echo));
}

}  // namespace cpl::testing::server_test
