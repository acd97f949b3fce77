// Thousands of lives of a notifier, each made from one number: entries come, receivers fail in
// every way, the process ends between any two commits, the machine loses what was not synced, its
// clock is set to anything, and an operator believes it. No thread, no socket, no clock but the
// simulation's: a seed replays exactly.
//   CPL_SIMULATIONS=50000         how many seeds are tried
//   CPL_SIMULATION_SEED=50001     the first of them
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "notifier/run/notifier.hpp"
#include "registry/log/service_clock.hpp"
#include "tests/registry/store/mortal_store.hpp"
#include "tests/support/manual_clocks.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/waiting_transport.hpp"

namespace cpl::testing::simulation_test {
namespace {

constexpr std::uint64_t minute = 60'000;
constexpr std::uint64_t hour = 60 * minute;

// The log of the story at each of its sizes; made once, since signing is slow.
const std::vector<std::shared_ptr<const LogView>>& story_views() {
  static MemoryStore store;
  static TestLog log(store);
  static const std::vector<std::shared_ptr<const LogView>> views = [] {
    std::vector<std::shared_ptr<const LogView>> made = {log.view()};
    for (const Bytes& note : story_notes()) {
      log.append({note});
      made.push_back(log.view());
    }
    return made;
  }();
  return views;
}

// What each entry of it says to an audience; nothing where it concerns them not.
const std::vector<std::optional<Event>>& story_told(Audience audience) {
  static const auto told_to = [](Audience whom) {
    std::vector<std::optional<Event>> told;
    const auto& newest = story_views().back();
    for (std::uint64_t index = 0; index < newest->size().value; ++index) {
      told.push_back(event_of(newest->leaf(EntryIndex{index}).value(), whom).value());
    }
    return told;
  };
  static const auto to_parties = told_to(Audience::parties);
  static const auto to_desk = told_to(Audience::service_desk);
  return audience == Audience::parties ? to_parties : to_desk;
}

// How a receiver behaves until the simulation changes its mind.
enum class Mood : std::uint8_t { well, failing, gone, hanging, losing_answers, telling_wait };

struct Receiver {
  std::string owner;
  Audience audience{};
  EventFilter filter;
  Mood mood = Mood::well;
  std::string id;
  std::vector<std::uint64_t> first_received;  // In the order in which each came first.
  std::set<std::uint64_t> received;

  std::string url() const { return "https://" + owner + ".example/"; }
  void take(const OutgoingMessage& message) {
    const Json body = Json::parse(message.body);
    const auto index = body["data"].find("index");
    if (index == body["data"].end()) return;
    const auto number = index->get<std::uint64_t>();
    if (received.insert(number).second) first_received.push_back(number);
  }
};

class Life {
 public:
  explicit Life(std::uint64_t seed) : random_(seed), desk_is_calm_(seed % 2 == 0) {
    receivers_ = {{"desk", Audience::service_desk, {}, {}, {}, {}, {}},
                  {"everything", Audience::parties, {}, {}, {}, {}, {}},
                  {"one-model", Audience::parties, {}, {}, {}, {}, {}},
                  {"removals", Audience::parties, {}, {}, {}, {}, {}}};
    receivers_[2].filter.models = {small_id(1)};
    receivers_[3].filter.kinds = {"entry.removed.v1", "removal.announced.v1"};
    open();
    for (Receiver& receiver : receivers_) {
      const auto made = notifier_->subscribe(receiver.owner, receiver.audience,
                                             {receiver.url(), receiver.filter}, EntryIndex{0});
      REQUIRE(made);
      receiver.id = made->id;
    }
  }

  void run() {
    const std::uint64_t steps = 30 + below(60);
    for (std::uint64_t step = 0; step < steps; ++step) {
      take_step();
      if (desk_is_calm_) check_desk_is_served();
      check_cursors();
    }
    heal();
    for (const Receiver& receiver : receivers_) check_receiver(receiver);
    close();
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  std::shared_ptr<const LogView> view() const { return story_views()[size_]; }

  void open() {
    NotifierOptions options;
    options.events = {"https://log.example/cpl", "example.cpl"};
    options.request_origin = "log.example";
    options.canary_interval = std::chrono::hours(100 * 366 * 24);  // Its time is of the random id.
    options.spread = [this] { return static_cast<double>(below(1000)) / 1000; };
    auto opened = Notifier::open(
        store_, [this] { return view(); }, wire_, *clock_, "the master key of the notices",
        options);
    REQUIRE(opened);
    notifier_ = *std::move(opened);
  }
  // What is under way is answered to nobody.
  void close() {
    for (Wire::Sent& sent : std::exchange(wire_.waiting, {})) {
      sent.done(Error{Errc::unavailable, "ended", "the process ended"});
    }
    notifier_.reset();
  }

  void take_step() {
    switch (below(11)) {
      case 0:
      case 1:
        if (size_ + 1 < story_views().size()) ++size_;
        break;
      case 2:
      case 3:
      case 4:
        answer_one();
        break;
      case 5:
        change_mood();
        break;
      case 6:
        clocks_.pass(std::array<std::uint64_t, 6>{1'000, 6'000, 6 * minute, hour, 7 * hour,
                                                  25 * hour}[below(6)]);
        break;
      case 7:
        end_and_begin(below(4) == 0);
        break;
      case 10:
        set_machine_clock();
        break;
      case 8:
        store_.next_fault =
            below(2) == 0 ? MortalStore::Fault::not_done : MortalStore::Fault::done_unknown;
        break;
      default:
        meddle();
    }
    notifier_->run_once();
  }

  // From seconds to weeks, either way.
  void set_machine_clock() {
    const auto by = std::array<std::int64_t, 6>{0,         5'000,      300'000,
                                                3'600'000, 86'400'000, 21 * 86'400'000LL}[below(6)];
    clocks_.machine.wrong_by = below(2) == 0 ? by : -by;
  }

  void end_and_begin(bool operator_believes_clock) {
    close();
    const KnownTime known = clock_->known();
    clock_ = std::make_unique<ServiceClock>(clocks_.machine, clocks_.stopwatch, known);
    if (operator_believes_clock) clock_->believe_machine();
    if (below(2) == 0) store_.lose_power(below(store_.unsynced() + 1));
    store_.next_fault = MortalStore::Fault::none;
    open();
  }

  void change_mood() {
    Receiver& receiver = receivers_[below(receivers_.size())];
    if (desk_is_calm_ && receiver.audience == Audience::service_desk) return;
    receiver.mood = static_cast<Mood>(below(6));
  }

  // What an owner may do at any time; never to the desk's subscription, which must not rest.
  void meddle() {
    Receiver& receiver = receivers_[1 + below(receivers_.size() - 1)];
    const std::string& owner = receiver.owner;
    switch (below(4)) {
      case 0:
        (void)notifier_->pause(owner, receiver.id);
        break;
      case 1:
        (void)notifier_->resume(owner, receiver.id);
        break;
      case 2:
        (void)notifier_->replay(owner, receiver.id, EntryIndex{below(size_ + 1)});
        break;
      default:
        (void)notifier_->rotate(owner, receiver.id, std::chrono::seconds(below(7200)));
    }
  }

  Receiver& receiver_of(const OutgoingMessage& message) {
    const auto found = std::find_if(receivers_.begin(), receivers_.end(),
                                    [&](const auto& one) { return one.url() == message.url; });
    REQUIRE(found != receivers_.end());
    return *found;
  }

  void answer_one() {
    if (wire_.waiting.empty()) return;
    const auto at =
        wire_.waiting.begin() + static_cast<std::ptrdiff_t>(below(wire_.waiting.size()));
    Wire::Sent sent = std::move(*at);
    wire_.waiting.erase(at);
    answer(std::move(sent));
  }

  void answer(Wire::Sent sent) {
    Receiver& receiver = receiver_of(sent.message);
    if (receiver.mood == Mood::hanging) {
      clocks_.pass(15'000);
      return sent.done(Error{Errc::unavailable, "timeout", "no answer in time"});
    }
    Delivered delivered;
    delivered.status = receiver.mood == Mood::failing        ? 500
                       : receiver.mood == Mood::gone         ? 410
                       : receiver.mood == Mood::telling_wait ? 429
                                                             : 200;
    if (receiver.mood == Mood::telling_wait) delivered.retry_after = "120";
    if (delivered.status == 200) consent(sent.message, receiver, delivered);
    if (receiver.mood == Mood::losing_answers) {
      return sent.done(Error{Errc::unavailable, "reset", "the connection was reset"});
    }
    sent.done(std::move(delivered));
  }

  static void consent(const OutgoingMessage& message, Receiver& receiver, Delivered& delivered) {
    if (message.method == "OPTIONS") {
      delivered.allowed_origin = "*";
      return;
    }
    const Json data = Json::parse(message.body)["data"];
    if (!data.contains("challenge")) return receiver.take(message);
    delivered.content_type = "application/json";
    delivered.body = Json{{"challenge", data["challenge"]}}.dump();
  }

  // What the subscription wants of the entries below `end`.
  std::vector<std::uint64_t> wanted(const Receiver& receiver, std::uint64_t end) const {
    std::vector<std::uint64_t> list;
    for (std::uint64_t index = 0; index < end; ++index) {
      const auto& event = story_told(receiver.audience)[index];
      if (event && receiver.filter.matches(*event)) list.push_back(index);
    }
    return list;
  }

  Subscription row(const Receiver& receiver) const {
    const auto found = notifier_->find(receiver.owner, receiver.id);
    REQUIRE(found);
    return *found;
  }

  // Nothing that a cursor has passed is unknown to its receiver.
  void check_cursors() const {
    for (const Receiver& receiver : receivers_) {
      const std::uint64_t cursor = row(receiver).cursor.value;
      for (const std::uint64_t index : wanted(receiver, cursor)) {
        INFO(receiver.owner << " at " << cursor << " was never sent " << index);
        REQUIRE(receiver.received.count(index) == 1);
      }
    }
  }

  // However the others fare, the desk has at once what there is.
  void check_desk_is_served() {
    Receiver& desk = receivers_.front();
    for (int pass = 0; pass < 60; ++pass) {
      notifier_->run_once();
      const auto mine =
          std::find_if(wire_.waiting.begin(), wire_.waiting.end(),
                       [&](const Wire::Sent& sent) { return sent.message.url == desk.url(); });
      if (mine == wire_.waiting.end()) break;
      Wire::Sent sent = std::move(*mine);
      wire_.waiting.erase(mine);
      answer(std::move(sent));
    }
    notifier_->run_once();
    const auto all = wanted(desk, size_);
    INFO("at " << clock_->now().value << ": " << encode(row(desk)));
    REQUIRE(desk.received == std::set<std::uint64_t>(all.begin(), all.end()));
  }

  // All are well again, and time passes: what was held up must flow.
  void heal() {
    store_.next_fault = MortalStore::Fault::none;
    if (below(2) == 0) {  // The others go on beside a clock that stays wrong.
      clocks_.machine.wrong_by = 0;
      end_and_begin(true);
    }
    for (Receiver& receiver : receivers_) {
      receiver.mood = Mood::well;
      (void)notifier_->resume(receiver.owner, receiver.id);
    }
    for (int round = 0; round < 60; ++round) {
      clocks_.pass(hour);
      do {
        for (Wire::Sent& sent : std::exchange(wire_.waiting, {})) answer(std::move(sent));
        notifier_->run_once();
      } while (!wire_.waiting.empty());
    }
  }

  void check_receiver(const Receiver& receiver) const {
    INFO(receiver.owner);
    const auto all = wanted(receiver, size_);
    CHECK(receiver.first_received == all);  // Nothing lost, and in order.
    CHECK(row(receiver).state == SubscriptionState::active);
    CHECK(row(receiver).cursor.value == size_);
  }

  std::mt19937_64 random_;
  const bool desk_is_calm_;
  MortalStore store_;
  ManualClocks clocks_;
  std::unique_ptr<ServiceClock> clock_ =
      std::make_unique<ServiceClock>(clocks_.machine, clocks_.stopwatch, std::nullopt);
  Wire wire_;
  std::size_t size_ = 1;
  std::vector<Receiver> receivers_;
  std::unique_ptr<Notifier> notifier_;
};

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::stoull(text);
}

}  // namespace

TEST_CASE("notifier: in every simulated life nothing is lost, order is kept, nobody waits (I8)") {
  const std::uint64_t first = number_from("CPL_SIMULATION_SEED", 1);
  const std::uint64_t lives = number_from("CPL_SIMULATIONS", 1000);
  for (std::uint64_t seed = first; seed < first + lives; ++seed) {
    INFO("replay with CPL_SIMULATIONS=1 CPL_SIMULATION_SEED=" << seed);
    Life(seed).run();
  }
}

}  // namespace cpl::testing::simulation_test
