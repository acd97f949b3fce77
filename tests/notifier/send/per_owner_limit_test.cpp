#include "notifier/send/per_owner_limit.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::owner_gate_test {

namespace {

// Keeps what is sent until the test says what came of it.
class HoldingTransport final : public Transport {
 public:
  void send(OutgoingMessage message, Done done) override {
    urls.push_back(message.url);
    held.push_back(std::move(done));
  }
  void answer_first() {
    const Done done = std::move(held.front());
    held.pop_front();
    done(Delivered{});
  }

  std::vector<std::string> urls;
  std::deque<Done> held;
};

struct Scene {
  void send(const std::string& owner, const std::string& url) {
    OutgoingMessage message;
    message.owner = owner;
    message.url = url;
    gate.send(std::move(message), [this](const Result<Delivered>&) { ++outcomes; });
  }

  HoldingTransport inner;
  PerOwnerLimit gate{inner, 2};
  int outcomes = 0;
};

}  // namespace

TEST_CASE("per-owner limit: one owner's messages wait for his own, and nobody else's for them") {
  Scene scene;
  for (const char* url : {"a1", "a2", "a3", "a4"}) scene.send("a", url);
  CHECK(scene.inner.urls == std::vector<std::string>{"a1", "a2"});
  scene.send("b", "b1");
  CHECK(scene.inner.urls == std::vector<std::string>{"a1", "a2", "b1"});
  scene.inner.answer_first();
  CHECK(scene.inner.urls == std::vector<std::string>{"a1", "a2", "b1", "a3"});
  while (!scene.inner.held.empty()) scene.inner.answer_first();
  CHECK(scene.inner.urls.back() == "a4");
  CHECK(scene.outcomes == 5);
  scene.send("a", "a5");  // All are free again.
  CHECK(scene.inner.urls.back() == "a5");
}

TEST_CASE("per-owner limit: a transport that refuses at once refuses all that wait") {
  class Stopped final : public Transport {
   public:
    void send(OutgoingMessage, Done done) override {
      done(Error{Errc::unavailable, "delivery-stopping", "the registry is stopping"});
    }
  };
  Stopped inner;
  PerOwnerLimit gate(inner, 1);
  int refused = 0;
  for (int i = 0; i < 3; ++i) {
    gate.send({}, [&](const Result<Delivered>& result) { refused += result ? 0 : 1; });
  }
  CHECK(refused == 3);
}

}  // namespace cpl::testing::owner_gate_test
