// The Service Desk beside one malicious Party at all its limits, as cpld sends: real threads, real
// sockets, receivers that hang and names that take for ever to look up.
#include <atomic>
#include <iostream>
#include <nlohmann/json.hpp>

#include "api/http/problem.hpp"
#include "notifier/mail/channel.hpp"
#include "notifier/send/per_owner_limit.hpp"
#include "tests/notifier/run/malicious_party.hpp"
#include "tests/notifier/send/http_transport_fixture.hpp"
#include "tests/support/loopback_listener.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::desk_lane_sockets_test {
namespace {

using namespace std::chrono_literals;
using Moment = std::chrono::steady_clock::time_point;

constexpr std::uint64_t notices = 5;
constexpr std::uint64_t additions = 400;  // For filters that want none of them.
constexpr auto delay_max = 2'000ms;

// The desk's receiver: it answers whoever asks, and says which entries it was sent.
class DeskReceiver {
 public:
  DeskReceiver()
      : server_(receiver([this](const HttpRequest& request, const HttpReply& reply) {
          take(request, reply);
        })) {}

  std::string url() const { return url_of(*server_); }
  // When it came; nothing: not within the time.
  std::optional<Moment> came(std::uint64_t entry, std::chrono::milliseconds within) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, within, [&] { return received_.contains(entry); });
    const auto found = received_.find(entry);
    return found == received_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  void take(const HttpRequest& request, const HttpReply& reply) {
    HttpResponse response;
    response.status = 200;
    if (request.method == HttpMethod::options) {
      response.headers.emplace_back("WebHook-Allowed-Origin", "*");
      response.headers.emplace_back("WebHook-Allowed-Rate", "600");
      return reply(std::move(response));
    }
    const Json event = Json::parse(request.body);
    if (event["data"].contains("challenge")) {
      const Json echo = {{"challenge", event["data"]["challenge"]}};
      return reply(text_response(200, "application/json", echo.dump()));
    }
    const bool directed = event["type"].get<std::string>().ends_with(".removal.directed.v1");
    if (directed) {
      const std::lock_guard lock(mutex_);
      received_.try_emplace(event["data"]["index"].get<std::uint64_t>(),
                            std::chrono::steady_clock::now());
      came_.notify_all();
    }
    reply(std::move(response));
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::map<std::uint64_t, Moment> received_;  // Guarded by mutex_.
  std::unique_ptr<Server> server_;
};

// Names that are never looked up to the end, until it ends.
class SlowNames {
 public:
  ~SlowNames() { end(); }
  Result<std::vector<IpAddress>> resolve(const std::string& host) {
    if (host.starts_with("slow")) {
      std::unique_lock lock(mutex_);
      ended_.wait(lock, [&] { return over_; });
    }
    return std::vector<IpAddress>{at("127.0.0.1")};
  }
  void end() {
    const std::lock_guard lock(mutex_);
    over_ = true;
    ended_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;  // Guarded by mutex_.
};

std::vector<std::string> bad_urls(const std::string& desk_url, std::uint16_t hanging_port) {
  std::vector<std::string> urls = {desk_url};
  for (int i = 0; i < 40; ++i) {
    const std::string host = (i % 2 == 0 ? "slow" : "hangs") + std::to_string(i) + ".example";
    urls.push_back("http://" + host + ":" + std::to_string(hanging_port) + "/");
  }
  return urls;
}

// A registry as cpld has it, but for the disk, and what sends.
class LiveRegistry {
 public:
  LiveRegistry() : desk_transport_(create(options())), parties_transport_(create(options())) {
    log.append(notes_before_notices(notices));
    std::vector<Bytes> more;
    for (std::uint64_t number = 0; number < additions; ++number) {
      more.push_back(addition_note(1'000 + number));
    }
    log.append(more);
    NotifierOptions wanted;
    wanted.events = {"https://log.example/cpl", "example.cpl"};
    wanted.request_origin = "log.example";
    notifier = Notifier::open(
                   store_, [this] { return log.view(); }, router_, clock_,
                   "the master key of the notices", wanted)
                   .value();
  }
  ~LiveRegistry() {
    names_.end();
    parties_transport_->stop();
    desk_transport_->stop();
    notifier->stop();
  }
  LiveRegistry(const LiveRegistry&) = delete;
  LiveRegistry& operator=(const LiveRegistry&) = delete;

 private:
  HttpTransportOptions options() {
    HttpTransportOptions made = lab();
    made.stop_grace = 0ms;
    made.resolve = [this](const std::string& host) { return names_.resolve(host); };
    return made;
  }

  MemoryStore store_;
  SystemClock clock_;
  SlowNames names_;

 public:
  TestLog log{store_};

 private:
  const std::unique_ptr<HttpTransport> desk_transport_;
  const std::unique_ptr<HttpTransport> parties_transport_;
  PerOwnerLimit gate_{*parties_transport_, 32};
  ChannelRouter router_{gate_, *desk_transport_, nullptr};

 public:
  std::unique_ptr<Notifier> notifier;
};

}  // namespace

TEST_CASE("desk lane: one Party at all its limits does not delay the desk, over sockets") {
  DeskReceiver desk;
  const LoopbackListener hanging;  // Nobody takes what comes there.
  LiveRegistry registry;
  TestLog& log = registry.log;
  MaliciousParty party(*registry.notifier, bad_urls(desk.url(), hanging.port()), 7);
  REQUIRE(registry.notifier->subscribe("desk", Audience::service_desk, {desk.url(), {}},
                                       EntryIndex{log.view()->size().value}));
  registry.notifier->start();
  std::atomic<bool> stopping = false;
  std::thread meddling([&] {
    while (!stopping) party.meddle();
  });
  auto worst = 0ms;
  for (std::uint64_t number = 1; number <= notices; ++number) {
    const std::uint64_t index = log.view()->size().value;
    log.append({notice_note({small_id(number)}, EntryIndex{notices + 1})});
    const auto since = std::chrono::steady_clock::now();
    registry.notifier->wake();
    const auto came = desk.came(index, 10s);  // The first one after the desk was verified.
    CHECK(came);
    if (!came) continue;
    worst = std::max(worst, std::chrono::duration_cast<std::chrono::milliseconds>(*came - since));
  }
  stopping = true;
  meddling.join();
  CHECK(worst < delay_max);
  std::cout << "worst delay of a notice to the Service Desk beside one malicious Party, over "
               "sockets: "
            << worst.count() << " ms\n";
}

}  // namespace cpl::testing::desk_lane_sockets_test
