// The command line's requests that make something: sent again where no answer came, as the same
// request; and not where one came.
#include "tools/shared/http_client.hpp"

#include <catch2/catch.hpp>
#include <mutex>
#include <set>
#include <thread>

#include "tests/support/loopback_listener.hpp"

namespace cpl::testing::http_client_test {

namespace {

// Takes one request of each connection and says the next of its answers; an empty one is a
// connection that breaks before the answer.
class BreakingServer {
 public:
  explicit BreakingServer(std::vector<Bytes> answers) : answers_(std::move(answers)) {
    thread_ = std::thread([this] { run(); });
  }
  ~BreakingServer() {
    listener_.end();
    thread_.join();
  }
  BreakingServer(const BreakingServer&) = delete;
  BreakingServer& operator=(const BreakingServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(listener_.port()); }
  std::vector<Bytes> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void run() {
    for (int peer = -1; (peer = listener_.accept()) >= 0; ::close(peer)) {
      Bytes request;
      std::array<char, 4096> buffer;
      while (request.find("{}") == Bytes::npos) {  // The body.
        const ssize_t size = ::recv(peer, buffer.data(), buffer.size(), 0);
        if (size <= 0) break;
        request.append(buffer.data(), static_cast<std::size_t>(size));
      }
      const std::lock_guard lock(mutex_);
      const Bytes& answer = answers_[std::min(requests_.size(), answers_.size() - 1)];
      requests_.push_back(request);
      ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
  }

  const std::vector<Bytes> answers_;
  const LoopbackListener listener_;
  mutable std::mutex mutex_;
  std::vector<Bytes> requests_;  // Guarded by mutex_.
  std::thread thread_;
};

Bytes answer(const std::string& status, const std::string& body, const std::string& more = {}) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         more + "Connection: close\r\n\r\n" + body;
}

const Bytes made = answer("201 Created", "made", "ETag: \"0-tag\"\r\n");
const Bytes under_way = answer("409 Conflict", R"({"code": "request-in-progress"})");

std::set<std::string> keys_of(const std::vector<Bytes>& requests) {
  std::set<std::string> keys;
  for (const Bytes& request : requests) {
    const auto at = request.find("Idempotency-Key: ");
    REQUIRE(at != Bytes::npos);
    keys.insert(request.substr(at, request.find("\r\n", at) - at));
  }
  return keys;
}

}  // namespace

TEST_CASE(
    "http client: what makes something is sent again under the same key until it is answered") {
  const BreakingServer server({"", "", under_way, made});
  const HttpClient client(server.url());
  const auto first = client.create("/v1/things", "{}", "application/json");
  REQUIRE(first);
  CHECK(first->status == 201);
  CHECK(first->body == "made");
  CHECK(first->etag == "\"0-tag\"");
  REQUIRE(server.requests().size() == 4);
  CHECK(keys_of(server.requests()).size() == 1);
  // Another one is another one.
  REQUIRE(client.create("/v1/things", "{}", "application/json"));
  CHECK(keys_of(server.requests()).size() == 2);
}

TEST_CASE("http client: it gives up in the end, and never repeats what was answered") {
  const BreakingServer silent({""});
  const auto lost = HttpClient(silent.url()).create("/v1/things", "{}", "application/json");
  REQUIRE_FALSE(lost);
  CHECK(lost.error().code == "registry-unreachable");
  CHECK(silent.requests().size() == 5);
  CHECK(keys_of(silent.requests()).size() == 1);
  const BreakingServer refusing({answer("422 Unprocessable Content", R"({"code": "no"})")});
  const auto refused = HttpClient(refusing.url()).create("/v1/things", "{}", "application/json");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "no");
  CHECK(refusing.requests().size() == 1);
}

TEST_CASE("http client: a web page is no registry's answer, whatever its status") {
  BreakingServer server({answer("200 OK", "<html>{}</html>", "Content-Type: text/html\r\n")});
  const auto page = HttpClient(server.url()).post("/", "{}", "text/plain");
  REQUIRE_FALSE(page);
  CHECK(page.error().code == "not-a-registry");
  CHECK(page.error().errc == Errc::unavailable);
}

TEST_CASE("http client: a plain request is sent once, whatever becomes of it") {
  const BreakingServer silent({""});
  CHECK_FALSE(HttpClient(silent.url()).post("/v1/things", "{}", "application/json"));
  CHECK(silent.requests().size() == 1);
  CHECK(silent.requests()[0].find("Idempotency-Key") == Bytes::npos);
  const BreakingServer server({made});
  REQUIRE(HttpClient(server.url()).patch("/v1/things/1", "{}", "application/json", "\"0-tag\""));
  CHECK(server.requests()[0].find("If-Match: \"0-tag\"\r\n") != Bytes::npos);
}

TEST_CASE("http client: an answer that is longer than what was asked for can be is not read on") {
  const BreakingServer server({answer("200 OK", Bytes(100'000, 'x'))});
  const HttpClient client(server.url());
  const auto long_one = client.get("/tile/{}", 99'999);
  REQUIRE_FALSE(long_one);
  CHECK(long_one.error().code == "answer-too-long");
  CHECK(long_one.error().errc == Errc::too_large);
  const auto whole = client.get("/tile/{}", 100'000);
  REQUIRE(whole);
  CHECK(whole->body.size() == 100'000);
}

}  // namespace cpl::testing::http_client_test
