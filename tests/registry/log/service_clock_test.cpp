// The service's time against a machine's clock that anybody may set to anything.
#include "registry/log/service_clock.hpp"

#include <fstream>
#include <random>

#include "tests/support/manual_clocks.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::service_clock_test {
namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

std::int64_t ahead_of_true(const ServiceClock& clock, const ManualClocks& clocks) {
  return static_cast<std::int64_t>(clock.now().value) -
         static_cast<std::int64_t>(clocks.machine.true_time.value);
}
std::string fault_of(const ServiceClock& clock) {
  const auto fault = clock.fault();
  return fault ? fault->detail : "";
}

}  // namespace

TEST_CASE("service clock: a machine's clock that is right is gone by") {
  ManualClocks clocks;
  const ServiceClock clock(clocks.machine, clocks.stopwatch, std::nullopt);
  for (int i = 0; i < 100; ++i) {
    CHECK(clock.now() == clocks.machine.true_time);
    CHECK_FALSE(clock.fault());
    clocks.pass(7 * hour + 1);
  }
}

TEST_CASE("service clock: a jump while it runs moves nothing, is told, and is over when undone") {
  ManualClocks clocks;
  const ServiceClock clock(clocks.machine, clocks.stopwatch, std::nullopt);
  for (const std::int64_t jump : {20 * day, hour, 16 * minute, -16 * minute, -hour, -20 * day}) {
    clocks.machine.wrong_by = jump;
    for (int i = 0; i < 50; ++i) {
      clocks.pass(hour);
      CHECK(ahead_of_true(clock, clocks) == 0);
      CHECK(clock.fault()->code == "clock-wrong");
    }
    clocks.machine.wrong_by = 0;
    CHECK_FALSE(clock.fault());
    CHECK(ahead_of_true(clock, clocks) == 0);
  }
  clocks.machine.wrong_by = 20 * day;
  CHECK_THAT(fault_of(clock),
             Catch::Contains("20 days ahead of 20") && Catch::Contains("--clock-is-right"));
  clocks.machine.wrong_by = -3 * hour;
  CHECK_THAT(fault_of(clock), Catch::Contains("3 hours behind 20"));
}

TEST_CASE("service clock: a small difference is done away with, without a jump or a step back") {
  for (const std::int64_t step : {15 * minute, 5000L, -5000L, -15 * minute}) {
    ManualClocks clocks;
    const ServiceClock clock(clocks.machine, clocks.stopwatch, std::nullopt);
    clocks.machine.wrong_by = step;
    UnixMillis before = clock.now();
    for (std::int64_t passed = 0; passed < 30 * minute; passed += 1000) {
      clocks.pass(1000);
      const UnixMillis now = clock.now();
      CHECK(now.value >= before.value + 500);
      CHECK(now.value <= before.value + 2000);
      CHECK_FALSE(clock.fault());
      before = now;
    }
    CHECK(ahead_of_true(clock, clocks) == step);
  }
}

TEST_CASE("service clock: it goes on from what the last run knew") {
  ManualClocks clocks;
  const KnownTime known = ServiceClock(clocks.machine, clocks.stopwatch, std::nullopt).known();
  SECTION("after days in which the machine ran") { clocks.pass(30 * day); }
  SECTION("after a short time in which it was off") { clocks.restart_machine(14 * minute); }
  SECTION("with a clock a little off") {
    clocks.pass(day);
    clocks.machine.wrong_by = -10 * minute;
  }
  const ServiceClock clock(clocks.machine, clocks.stopwatch, known);
  CHECK_FALSE(clock.fault());
  CHECK(ahead_of_true(clock, clocks) == clocks.machine.wrong_by);
}

TEST_CASE("service clock: a clock that was wrong at the start is told, whichever way") {
  ManualClocks clocks;
  const KnownTime known = ServiceClock(clocks.machine, clocks.stopwatch, std::nullopt).known();
  clocks.pass(minute);
  for (const std::int64_t wrong : {20 * day, -hour}) {
    clocks.machine.wrong_by = wrong;
    const ServiceClock clock(clocks.machine, clocks.stopwatch, known);
    CHECK(clock.fault()->code == "clock-wrong");
    CHECK(ahead_of_true(clock, clocks) == 0);
    clocks.machine.wrong_by = 0;
    CHECK_FALSE(clock.fault());
  }
}

TEST_CASE("service clock: time that nothing bears out is believed when an operator says so") {
  ManualClocks clocks;
  const KnownTime known = ServiceClock(clocks.machine, clocks.stopwatch, std::nullopt).known();
  clocks.restart_machine(3 * day);
  ServiceClock clock(clocks.machine, clocks.stopwatch, known);
  CHECK(clock.fault());
  clock.believe_machine();
  CHECK_FALSE(clock.fault());
  CHECK(ahead_of_true(clock, clocks) == 0);
}

TEST_CASE("service clock: without anything kept, the last entry's time is expected") {
  ManualClocks clocks;
  for (const std::int64_t since :
       {14 * minute, -14 * minute, 16 * minute, -16 * minute, 20 * day}) {
    ServiceClock clock(clocks.machine, clocks.stopwatch, std::nullopt);
    clock.expect(UnixMillis{clocks.machine.true_time.value - static_cast<std::uint64_t>(since)});
    CHECK(clock.fault().has_value() == (std::abs(since) > 15 * minute));
  }
  // What is kept knows better: an entry may have been made while the clock was ahead.
  const KnownTime known = ServiceClock(clocks.machine, clocks.stopwatch, std::nullopt).known();
  ServiceClock clock(clocks.machine, clocks.stopwatch, known);
  clock.expect(UnixMillis{clocks.machine.true_time.value + std::uint64_t{20 * day}});
  CHECK_FALSE(clock.fault());
}

// The lemma that whatever waits rests on: through whatever the clock is set to, in however many
// runs, time goes by at half to double speed, and never back.
TEST_CASE("service clock: no setting of the clock makes time jump, stand still or go back") {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t bound) {
      return static_cast<std::int64_t>(random() % bound);
    };
    ManualClocks clocks;
    auto clock = std::make_unique<ServiceClock>(clocks.machine, clocks.stopwatch, std::nullopt);
    UnixMillis before = clock->now();
    for (int step = 0; step < 200; ++step) {
      const std::int64_t sign = below(2) == 0 ? 1 : -1;
      const std::array<std::int64_t, 5> jumps{0, below(5 * minute), hour + below(day),
                                              2 * day + below(30 * day), 5000};
      if (below(4) == 0) clocks.machine.wrong_by = sign * jumps[random() % jumps.size()];
      const std::int64_t passed =
          std::array<std::int64_t, 4>{1, 40, 1000, 5 * minute}[random() % 4];
      clocks.pass(static_cast<std::uint64_t>(passed));
      const UnixMillis now = clock->now();
      REQUIRE(now.value + 1 >= before.value + static_cast<std::uint64_t>(passed) / 2);
      REQUIRE(now.value <= before.value + static_cast<std::uint64_t>(passed) * 2 + 1);
      before = now;
      if (below(10) == 0) {  // Another run: it may begin at a clock that is a little off.
        const KnownTime known = clock->known();
        clock = std::make_unique<ServiceClock>(clocks.machine, clocks.stopwatch, known);
        before = clock->now();
      }
      REQUIRE(std::abs(ahead_of_true(*clock, clocks)) <= 5 * minute);
    }
    clocks.machine.wrong_by = 0;
    REQUIRE_FALSE(clock->fault());
  }
}

TEST_CASE(
    "service clock: what is known is kept in a file, and done without where that is damaged") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "clock";
  CHECK_FALSE(read_known_time(file));
  const KnownTime known{start_time, std::chrono::microseconds(1'234'567), UnixMillis{77}};
  REQUIRE(write_known_time(file, known));
  CHECK(read_known_time(file) == known);
  for (const std::string text : {"", "{}", "{\"time\":1}", "[1]", "\xFF"}) {
    std::ofstream(file, std::ios::trunc) << text;
    CHECK_FALSE(read_known_time(file));
  }
}

}  // namespace cpl::testing::service_clock_test
