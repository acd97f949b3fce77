// The log beside a machine's clock that is set to anything, from seconds to weeks, at any time and
// over restarts: no entry is far from the true time, none before the one before it, and as soon as
// the clock is right statements are taken.
//   CPL_SIMULATIONS=50000         how many seeds are tried
//   CPL_SIMULATION_SEED=50001     the first of them
#include <random>

#include "registry/log/sequencer.hpp"
#include "registry/log/service_clock.hpp"
#include "tests/registry/log/checker.hpp"
#include "tests/support/manual_clocks.hpp"
#include "tests/support/memory_store.hpp"

namespace cpl::testing::clock_nemesis_test {
namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t small_step_max = 5 * minute;

class Life {
 public:
  explicit Life(std::uint64_t seed) : random_(seed) {
    clocks_.pass(86'400'000);  // What is submitted was made before.
    open();
    REQUIRE(submit(charter_note()));
  }

  void run() {
    for (int step = 0; step < 40; ++step) take_step();
    clocks_.machine.wrong_by = 0;
    add_model();
    LogChecker().check(*log_->view());
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  // As a service does at its start.
  void open() {
    const auto known = clock_ ? std::optional(clock_->known()) : std::nullopt;
    sequencer_.reset();
    log_.reset();
    clock_ = std::make_unique<ServiceClock>(clocks_.machine, clocks_.stopwatch, known);
    auto opened = Log::open(store_, record_, *clock_, log_keys().log, log_origin);
    REQUIRE(opened);
    log_ = *std::move(opened);
    if (log_->view()->size().value > 0) clock_->expect(log_->last_time());
    sequencer_ = std::make_unique<Sequencer>(*log_, Sequencer::Options{}, [] {});
  }

  void take_step() {
    switch (below(6)) {
      case 0:
        clocks_.pass(below(10 * minute));
        break;
      case 1: {
        const auto by = static_cast<std::int64_t>(
            std::array<std::uint64_t, 5>{0, 5'000, below(small_step_max), 60 * minute,
                                         below(30ULL * 86'400'000) + 120 * minute}[below(5)]);
        clocks_.machine.wrong_by = below(2) == 0 ? by : -by;
        break;
      }
      case 2:
        open();
        break;
      default:
        add_model();
    }
  }

  Result<Accepted> submit(const Bytes& note) {
    std::optional<Result<Accepted>> answer;
    sequencer_->submit(open_note(note, log_->view()->charter()),
                       [&](Result<Accepted> given) { answer = std::move(given); });
    sequencer_->run_once();
    REQUIRE(answer);
    return *std::move(answer);
  }

  void add_model() {
    const bool is_right = std::abs(clocks_.machine.wrong_by) <= small_step_max;
    const bool was_ready = !log_->refusal();
    const auto accepted = submit(addition_note(++number_));
    CHECK(accepted.has_value() == was_ready);
    if (!accepted) {
      CHECK(accepted.error().code == "clock-wrong");
      REQUIRE_FALSE(is_right);
      return;
    }
    const UnixMillis time = accepted->view->entry(accepted->index)->time;
    REQUIRE(time >= last_);
    last_ = time;
    const auto apart = static_cast<std::int64_t>(time.value) -
                       static_cast<std::int64_t>(clocks_.machine.true_time.value);
    REQUIRE(std::abs(apart) <= small_step_max);
  }

  std::mt19937_64 random_;
  MemoryStore store_;
  MemorySignedSize record_;
  ManualClocks clocks_;
  std::unique_ptr<ServiceClock> clock_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<Sequencer> sequencer_;
  std::uint64_t number_ = 0;
  UnixMillis last_;
};

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::stoull(text);
}

}  // namespace

TEST_CASE("clock nemesis: whatever the clock is set to, entries keep to the true time (I5)") {
  const std::uint64_t first = number_from("CPL_SIMULATION_SEED", 1);
  const std::uint64_t lives = number_from("CPL_SIMULATIONS", 60);
  for (std::uint64_t seed = first; seed < first + lives; ++seed) {
    INFO("replay with CPL_SIMULATIONS=1 CPL_SIMULATION_SEED=" << seed);
    Life(seed).run();
  }
}

}  // namespace cpl::testing::clock_nemesis_test
