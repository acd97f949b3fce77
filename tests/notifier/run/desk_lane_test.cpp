// The Service Desk beside one malicious Party at all its limits, in simulated time: how late its
// notices come. Beside real sockets: desk_lane_sockets_test.
//   CPL_SIMULATIONS=1000          how many seeds are tried
#include <catch2/catch.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "notifier/mail/channel.hpp"
#include "notifier/send/per_owner_limit.hpp"
#include "tests/notifier/run/malicious_party.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::desk_lane_test {
namespace {

constexpr std::uint64_t step_millis = 10;
constexpr std::uint64_t hang_millis = 20'000;  // What the transport gives one attempt.
constexpr std::uint64_t answer_millis = 5;
constexpr std::uint64_t delay_millis_max = 2'000;
constexpr std::uint64_t notices = 6;
const std::string desk_url = "https://desk.example/hook";

// Receivers: the desk's answers whoever asks, and allows some requests; all others hang.
class SlowWorld final : public Transport {
 public:
  explicit SlowWorld(const TestClock& clock) : clock_(clock) {}

  void send(OutgoingMessage message, Done done) override {
    const bool hangs = message.url != desk_url;
    const std::uint64_t after = hangs ? hang_millis : answer_millis;
    waiting_.emplace(clock_.now().value + after, std::pair(std::move(message), std::move(done)));
  }
  // What has to be answered by now.
  void pass() {
    while (!waiting_.empty() && waiting_.begin()->first <= clock_.now().value) {
      auto [message, done] = std::move(waiting_.extract(waiting_.begin()).mapped());
      if (message.url == desk_url) {
        done(answer(message));
      } else {
        done(Error{Errc::unavailable, "delivery-timed-out", "no answer"});
      }
    }
  }
  void end() {
    while (!waiting_.empty()) {  // The gate lets others through meanwhile.
      const Done done = std::move(waiting_.extract(waiting_.begin()).mapped().second);
      done(Error{Errc::unavailable, "ended", "the process ended"});
    }
  }

  std::map<std::uint64_t, std::uint64_t> desk_received;  // By entry: when.
  std::uint64_t requests = 0;                            // To the desk's URL.

 private:
  Delivered answer(const OutgoingMessage& message) {
    ++requests;
    Delivered given;
    given.status = 200;
    if (message.method == "OPTIONS") {
      given.allowed_origin = "*";
      given.allowed_rate = "600";
      return given;
    }
    const Json data = Json::parse(message.body)["data"];
    if (data.contains("challenge")) {
      given.content_type = "application/json";
      given.body = Json{{"challenge", data["challenge"]}}.dump();
    } else if (message.audience == Audience::service_desk && data.contains("index")) {
      desk_received.try_emplace(data["index"].get<std::uint64_t>(), clock_.now().value);
    }
    return given;
  }

  const TestClock& clock_;
  std::multimap<std::uint64_t, std::pair<OutgoingMessage, Done>> waiting_;
};

class DeskBesideIt {
 public:
  explicit DeskBesideIt(std::uint64_t seed) : random_(seed) {
    log_.append(notes_before_notices(notices));
    NotifierOptions options;
    options.events = {"https://log.example/cpl", "example.cpl"};
    options.request_origin = "log.example";
    options.spread = [this] { return static_cast<double>(random_() % 1000) / 1000; };
    notifier_ = Notifier::open(
                    store_, [this] { return log_.view(); }, router_, log_.clock,
                    "the master key of the notices", options)
                    .value();
  }
  ~DeskBesideIt() {
    world_.end();
    notifier_.reset();
  }
  DeskBesideIt(const DeskBesideIt&) = delete;
  DeskBesideIt& operator=(const DeskBesideIt&) = delete;

  // The worst delay of a notice.
  std::uint64_t run() {
    std::vector<std::string> urls = {desk_url};
    for (int i = 0; i < 40; ++i) urls.push_back("https://h" + std::to_string(i) + ".example/");
    MaliciousParty party(*notifier_, urls, random_());
    REQUIRE(party.subscriptions() == MaliciousParty::subscriptions_max);
    const auto desk = notifier_->subscribe("desk", Audience::service_desk, {desk_url, {}},
                                           EntryIndex{log_.view()->size().value});
    REQUIRE(desk);
    pass_time(party, 2'000);
    REQUIRE(notifier_->find("desk", desk->id)->state == SubscriptionState::active);
    std::uint64_t worst = 0;
    for (std::uint64_t number = 1; number <= notices; ++number) {
      const std::uint64_t index = log_.view()->size().value;
      log_.append({notice_note({small_id(number)}, EntryIndex{notices + 1})});
      const std::uint64_t since = log_.clock.now().value;
      pass_time(party, 500 + random_() % 3'000);
      const auto got = world_.desk_received.find(index);
      worst = std::max(
          worst,
          (got == world_.desk_received.end() ? log_.clock.now().value * 2 : got->second) - since);
    }
    return worst;
  }
  std::uint64_t requests() const { return world_.requests; }

 private:
  void pass_time(MaliciousParty& party, std::uint64_t millis) {
    for (std::uint64_t passed = 0; passed < millis; passed += step_millis) {
      party.meddle();
      log_.clock.advance(step_millis);
      world_.pass();
      notifier_->run_once();
    }
  }

  std::mt19937_64 random_;
  MemoryStore store_;
  TestLog log_{store_};
  SlowWorld world_{log_.clock};
  PerOwnerLimit gate_{world_, 32};
  ChannelRouter router_{gate_, world_, nullptr};
  std::unique_ptr<Notifier> notifier_;
};

}  // namespace

TEST_CASE("desk lane: one Party at all its limits does not delay the desk, in simulated time") {
  const char* const asked = std::getenv("CPL_SIMULATIONS");
  const std::uint64_t lives = asked == nullptr ? 3 : std::stoull(asked);
  std::uint64_t worst = 0;
  for (std::uint64_t seed = 1; seed <= lives; ++seed) {
    INFO("seed " << seed);
    DeskBesideIt life(seed);
    worst = std::max(worst, life.run());
    REQUIRE(worst < delay_millis_max);
  }
  std::cout << "worst delay of a notice to the Service Desk beside one malicious Party, "
               "simulated: "
            << worst << " ms\n";
}

}  // namespace cpl::testing::desk_lane_test
