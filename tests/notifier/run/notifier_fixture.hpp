// A notifier on a log of a story, and receivers by their address: nothing is sent but when the test
// hands it over.
#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "notifier/run/notifier.hpp"
#include "tests/registry/store/fault_store.hpp"
#include "tests/support/log_fixture.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing {

inline constexpr std::uint64_t hour = 3'600'000;

// Endpoints by their address. A message waits until the test hands it over.
class FakeTransport final : public Transport {
 public:
  struct Endpoint {
    unsigned status = 204;               // Of the next answers.
    bool consents = true;                // Answers OPTIONS as it must,
    std::optional<std::string> rate;     // with this rate,
    bool echoes = true;                  // and challenges.
    std::vector<OutgoingMessage> asked;  // The OPTIONS requests.
    std::vector<OutgoingMessage> challenges;
    std::vector<OutgoingMessage> messages;  // Every attempt.
    std::vector<std::uint64_t> received;    // Sequences of what was answered with success.
  };

  void send(OutgoingMessage message, Done done) override {
    const std::lock_guard lock(mutex_);
    waiting_.emplace_back(std::move(message), std::move(done));
    sent_.notify_all();
  }

  // Hands over what waits; the number of messages.
  std::size_t hand_over() {
    std::vector<std::pair<OutgoingMessage, Done>> taken;
    {
      const std::lock_guard lock(mutex_);
      taken.swap(waiting_);
    }
    for (auto& [message, done] : taken) {
      Endpoint& endpoint = endpoints[message.url];
      if (verifies(message)) {
        done(answer_verification(endpoint, message));
        continue;
      }
      const Json body = Json::parse(message.body);
      if (endpoint.status < 300 && body["data"].contains("index")) {
        endpoint.received.push_back(body["data"]["index"].get<std::uint64_t>());
      }
      endpoint.messages.push_back(std::move(message));
      Delivered answer;
      answer.status = endpoint.status;
      if (endpoint.status >= 300) answer.body = Bytes("<p>no\0\x1b[31m</p>", 15);
      answer.took = std::chrono::milliseconds(7);
      done(answer);
    }
    return taken.size();
  }
  std::string first_waiting() {
    const std::lock_guard lock(mutex_);
    return waiting_.empty() ? "" : waiting_.front().first.url;
  }
  void wait_for_message() {
    std::unique_lock lock(mutex_);
    sent_.wait(lock, [&] { return !waiting_.empty(); });
  }

  std::map<std::string, Endpoint> endpoints;  // Owned by the test's thread.

 private:
  static bool verifies(const OutgoingMessage& message) {
    return message.method == "OPTIONS" || message.body.find("\"challenge\"") != Bytes::npos;
  }
  static Delivered answer_verification(Endpoint& endpoint, const OutgoingMessage& message) {
    Delivered answer;
    answer.status = endpoint.consents ? 200 : 404;
    if (message.method == "OPTIONS") {
      endpoint.asked.push_back(message);
      if (endpoint.consents) answer.allowed_origin = "*";
      answer.allowed_rate = endpoint.rate;
      return answer;
    }
    endpoint.challenges.push_back(message);
    if (!endpoint.echoes) return answer;
    answer.status = 200;
    answer.content_type = "application/json";
    answer.body = Json{{"challenge", Json::parse(message.body)["data"]["challenge"]}}.dump();
    return answer;
  }

  std::mutex mutex_;
  std::condition_variable sent_;
  std::vector<std::pair<OutgoingMessage, Done>> waiting_;  // Guarded by mutex_.
};

// A log with the ten-entry story, of which the entries 1, 2, 3, 5 and 8 are events.
inline const std::vector<std::uint64_t> story_events = {1, 2, 3, 5, 8};

class NotifierFixture {
 public:
  // So long that none comes, where a test does not ask for it.
  std::chrono::minutes checkpoint_interval{100L * 366 * 24 * 60};
  std::chrono::minutes canary_interval = checkpoint_interval;
  EscalationOptions escalation;
  std::shared_ptr<const OpeningShelf> openings;

  NotifierFixture() {
    log.append(story_notes());
    open();
  }
  void open() {
    close();
    NotifierOptions options{{"https://log.example/cpl", "example.cpl", checkpoint_interval,
                             "https://log.example/v1/entries/"},
                            "log.example",
                            20,
                            4,
                            2,
                            canary_interval,
                            random_spread,
                            escalation,
                            "https://log.example/v1/validate/",
                            openings};
    auto opened = Notifier::open(
        store, [this] { return log.view(); }, transport, log.clock, "the master key of the notices",
        options);
    REQUIRE(opened);
    notifier = *std::move(opened);
  }
  // The end of the process: what is under way is answered to nobody.
  void close() {
    transport.hand_over();
    notifier.reset();
  }

  Subscription subscribe(const std::string& url, EventFilter filter = {},
                         Audience audience = Audience::parties) {
    auto made = notifier->subscribe("Party", audience, {url, std::move(filter)}, EntryIndex{0});
    REQUIRE(made);
    return *std::move(made);
  }
  // Until nothing more is due.
  void settle() {
    do {
      notifier->run_once();
    } while (transport.hand_over() > 0);
  }
  FakeTransport::Endpoint& endpoint(const std::string& url) { return transport.endpoints[url]; }
  const std::vector<std::uint64_t>& received(const std::string& url) {
    return endpoint(url).received;
  }
  Subscription row(const Subscription& subscription) const {
    const auto found = notifier->find(subscription.owner, subscription.id);
    REQUIRE(found);
    return *found;
  }

  MemoryStore memory;
  FaultStore store{memory};
  TestLog log{store};
  FakeTransport transport;
  std::unique_ptr<Notifier> notifier;
};

inline std::string header(const OutgoingMessage& message, std::string_view name) {
  for (const auto& [key, value] : message.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace cpl::testing
