#include "registry/log/service_clock.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/base/durable_file.hpp"
#include "registry/base/json.hpp"

namespace cpl {
namespace {

using std::chrono::microseconds;

constexpr std::size_t known_time_size_max = 1024;
// Beyond it a machine's clock is no time that can be told: the year 9999.
constexpr std::uint64_t time_max_millis = 253'402'300'799'999;

microseconds micros_of(UnixMillis time) {
  return std::chrono::milliseconds(std::min(time.value, time_max_millis));
}
UnixMillis millis_of(microseconds time) {
  return UnixMillis{static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(time).count())};
}

bool is_borne_out(microseconds ahead) {
  return ahead <= clock_step_max && -ahead <= clock_step_max;
}

// Where the machine was started since, as much time has passed at least as it has been up.
microseconds expected_after(const KnownTime& known, microseconds elapsed) {
  return micros_of(known.time) + (elapsed >= known.elapsed ? elapsed - known.elapsed : elapsed);
}

}  // namespace

ServiceClock::ServiceClock(const Clock& machine, const Stopwatch& stopwatch,
                           const std::optional<KnownTime>& known)
    : machine_(machine), stopwatch_(stopwatch), is_known_(known.has_value()) {
  begin(known ? expected_after(*known, stopwatch_.elapsed()) : micros_of(machine_.now()));
}

// Nothing has gone by this clock yet, so a small difference is done away with at once.
void ServiceClock::begin(microseconds expected) {
  const microseconds machine = micros_of(machine_.now());
  const microseconds ahead = machine - expected;
  state_ = {is_borne_out(ahead) ? machine : expected, stopwatch_.elapsed(), ahead};
}

ServiceClock::State ServiceClock::advance() const {
  const microseconds elapsed = stopwatch_.elapsed();
  const microseconds passed = std::max(elapsed - state_.elapsed, microseconds(0));
  const microseconds expected = state_.time + passed;
  const microseconds ahead = micros_of(machine_.now()) - expected;
  const microseconds drawn =
      is_borne_out(ahead) ? std::clamp(ahead, -passed / 2, passed) : microseconds(0);
  state_ = {expected + drawn, std::max(elapsed, state_.elapsed), ahead - drawn};
  return state_;
}

UnixMillis ServiceClock::now() const {
  const Lock lock(mutex_);
  return millis_of(advance().time);
}

std::optional<Error> ServiceClock::fault() const {
  const Lock lock(mutex_);
  const State state = advance();
  if (is_borne_out(state.ahead)) return std::nullopt;
  const bool is_ahead = state.ahead > microseconds(0);
  const auto by = std::chrono::round<std::chrono::seconds>(is_ahead ? state.ahead : -state.ahead);
  return Error{Errc::unavailable, "clock-wrong",
               "this machine's clock says " + format_time(millis_of(state.time + state.ahead)) +
                   ", " + span_text(by) + (is_ahead ? " ahead of " : " behind ") +
                   format_time(millis_of(state.time)) +
                   ", which the time that has passed gives: set the clock right, or, if it "
                   "is right, the service started with --clock-is-right"};
}

void ServiceClock::expect(UnixMillis time) {
  const Lock lock(mutex_);
  if (is_known_) return;
  is_known_ = true;
  begin(micros_of(time));
}

void ServiceClock::believe_machine() {
  const Lock lock(mutex_);
  is_known_ = true;
  begin(micros_of(machine_.now()));
}

KnownTime ServiceClock::known() const {
  const Lock lock(mutex_);
  const State state = advance();
  return {millis_of(state.time), state.elapsed, {}};
}

std::optional<KnownTime> read_known_time(const std::filesystem::path& file) {
  const auto content = read_if_there(file, known_time_size_max);
  if (!content || !*content) return std::nullopt;
  const auto json = parse_json(**content);
  if (!json) return std::nullopt;
  FieldErrors errors;
  FieldReader reader(*json, "#", errors);
  KnownTime known;
  known.time.value = reader.integer("time", 0, time_max_millis);
  known.elapsed = microseconds(reader.integer("elapsed", 0, json_integer_max));
  known.accepted.value = reader.integer("accepted", 0, time_max_millis);
  reader.done();
  return errors.empty() ? std::optional(known) : std::nullopt;
}

Result<void> write_known_time(const std::filesystem::path& file, const KnownTime& known) {
  return replace_durably(file,
                         canonical_json({{"time", known.time.value},
                                         {"elapsed", known.elapsed.count()},
                                         {"accepted", known.accepted.value}}) +
                             "\n",
                         FileAccess::owner_only);
}

}  // namespace cpl
