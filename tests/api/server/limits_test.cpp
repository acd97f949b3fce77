// Who may hold how many connections, and what the others are told: never nothing.
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "api/server/server.hpp"
#include "tests/support/raw_client.hpp"

namespace cpl::testing::limits_test {

namespace {

using Clients = std::vector<std::unique_ptr<RawClient>>;

// Answers /now at once, and anything else when told.
class Busy {
 public:
  explicit Busy(const ServerLimits& limits, std::vector<IpAddress> proxies = {}) {
    ServerOptions options;
    options.limits = limits;
    options.proxies.proxies = std::move(proxies);
    options.problem_base = "https://cpl.example/problems/";
    server_ = Server::start(options, [this](const HttpRequest& request, HttpReply reply) {
                if (request.target == "/now") return reply({});
                const std::lock_guard lock(mutex_);
                in_hand_.push_back(std::move(reply));
                more_.notify_all();
              }).value();
  }
  ~Busy() { answer_all(); }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

  Server* operator->() const { return server_.get(); }
  std::unique_ptr<RawClient> connect() const {
    return std::make_unique<RawClient>(server_->port());
  }

  // A connection whose request is in hand until all are answered.
  std::unique_ptr<RawClient> occupy() {
    auto client = connect();
    client->send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    std::unique_lock lock(mutex_);
    const std::size_t wanted = ++occupied_;
    more_.wait(lock, [&] { return in_hand_.size() >= wanted; });
    return client;
  }

  std::size_t in_hand() {
    const std::lock_guard lock(mutex_);
    return in_hand_.size();
  }

  void answer_all() {
    std::vector<HttpReply> replies;
    {
      const std::lock_guard lock(mutex_);
      replies.swap(in_hand_);
      occupied_ = 0;
    }
    for (const HttpReply& reply : replies) reply({});
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<HttpReply> in_hand_;  // Guarded by mutex_, as is the next.
  std::size_t occupied_ = 0;
  std::unique_ptr<Server> server_;
};

std::string refusal(RawClient& client) {
  const RawAnswer got = client.read();
  CHECK(got.status == 503);
  if (got.status != 503) return "";
  CHECK(got.headers.at("retry-after") == "1");
  const auto json = nlohmann::json::parse(got.body);
  CHECK(json["code"] == "too-many-connections");
  return json["detail"].get<std::string>();
}

}  // namespace

TEST_CASE("server limits: whoever finds no room is told so, however many they are") {
  Busy server(ServerLimits{.connections_max = 2});
  const auto first = server.occupy();
  const auto second = server.occupy();
  Clients refused;
  for (int i = 0; i < 150; ++i) refused.push_back(server.connect());
  for (const auto& client : refused) CHECK(refusal(*client).starts_with("Too many connections"));
  CHECK(server->stats().refused == 150);
  server.answer_all();
  CHECK(first->read().status == 200);
  // Its answer may be here before it waits for another request, and so gives way.
  while (server.connect()->get("/now").status == 503) std::this_thread::yield();
}

TEST_CASE("server limits: a connection that owes a request gives way to a newcomer") {
  Busy server(ServerLimits{.connections_max = 3, .connections_per_address_max = 100});
  const auto idle = server.connect();
  CHECK(idle->get("/now").status == 200);
  const auto silent = server.connect();
  const auto slow = server.connect();
  slow->send("GET /now HT");
  Clients newcomers;
  // First those that never asked anything: closed, or told so where they had begun to.
  for (int i = 0; i < 2; ++i) {
    newcomers.push_back(server.connect());
    CHECK(newcomers.back()->get("/now").status == 200);
  }
  CHECK(silent->read().status == 0);
  CHECK(refusal(*slow).starts_with("Too many connections"));
  CHECK(idle->get("/now").status == 200);
  CHECK(server->stats().refused == 0);
}

TEST_CASE("server limits: one address has its share, and what stands for many has no such limit") {
  {
    Busy server(ServerLimits{.connections_per_address_max = 2});
    const auto first = server.connect();
    const auto second = server.connect();
    CHECK(first->get("/now").status == 200);
    CHECK(second->get("/now").status == 200);
    CHECK(refusal(*server.connect()).starts_with("Your address"));
    CHECK(first->get("/now").status == 200);
  }
  Busy server(ServerLimits{.connections_per_address_max = 2}, {*parse_ip_address("127.0.0.1")});
  Clients clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(server.connect());
    CHECK(clients.back()->get("/now").status == 200);
  }
}

TEST_CASE("server limits: connections leave descriptors to the rest of the process") {
  Busy server(ServerLimits{.descriptors_max = 0});  // As few as it goes.
  Clients busy;
  while (server->stats().refused == 0 && busy.size() < 100) {
    busy.push_back(server.connect());
    busy.back()->send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    while (server.in_hand() < busy.size() && server->stats().refused == 0) {
      std::this_thread::yield();
    }
  }
  REQUIRE(server->stats().refused == 1);
  CHECK(busy.size() > 4);
  CHECK(busy.size() < 20);
  CHECK(refusal(*busy.back()).starts_with("Too many connections"));
  server.answer_all();
  CHECK(busy.front()->read().status == 200);
  while (server.connect()->get("/now").status == 503) std::this_thread::yield();
}

}  // namespace cpl::testing::limits_test
