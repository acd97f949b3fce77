#include "notifier/run/escalation.hpp"

#include <limits>

#include "registry/log/log_keys.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t millis_per_hour = 3'600'000;

// The first moment at which the step counts as late for this level.
UnixMillis late_from(const OpenClock& open, const EscalationLevel& level) {
  return UnixMillis{open.clock.due.value + level.after_hours * millis_per_hour + 1};
}

}  // namespace

Bytes LateStep::key() const {
  return store_keys::escalation(news.notice, static_cast<std::uint8_t>(news.step), party);
}

Escalation::Escalation(EscalationOptions options)
    : levels_(std::move(options.levels)), clocks_(options.limits, std::move(options.calendar)) {}

Result<void> Escalation::load(const Store& store) {
  for (KeyValue& row : TRY(scan_all(store, keyspace::Kind::escalation))) {
    told_.insert(std::move(row.key));
  }
  return {};
}

Result<std::vector<LateStep>> Escalation::late(const LogView& log, UnixMillis now,
                                               const std::vector<std::string>& at_once) {
  std::vector<LateStep> steps;
  now_told_ = levels_;
  for (const std::string& party : at_once) now_told_.push_back({party, 0});
  if (now_told_.empty()) return steps;
  TRY_VOID(clocks_.follow(log));
  for (const OpenClock& open : clocks_.open()) {
    for (const EscalationLevel& level : now_told_) {
      if (now < late_from(open, level)) continue;
      LateStep step{level.party, {open.notice, open.clock.step, open.models, open.clock.due, now}};
      step.tickets_only =
          std::none_of(levels_.begin(), levels_.end(),
                       [&](const EscalationLevel& named) { return named.party == level.party; });
      if (!told_.contains(step.key())) steps.push_back(std::move(step));
    }
  }
  return steps;
}

std::optional<UnixMillis> Escalation::next(UnixMillis now) const {
  std::optional<UnixMillis> next;
  for (const OpenClock& open : clocks_.open()) {
    for (const EscalationLevel& level : now_told_) {
      const UnixMillis from = late_from(open, level);
      if (from > now && (!next || from < *next)) next = from;
    }
  }
  return next;
}

}  // namespace cpl
