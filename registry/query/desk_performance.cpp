#include "registry/query/desk_performance.hpp"

namespace cpl {
namespace {

constexpr std::size_t notices_at_once = 500;
constexpr std::uint64_t notices_max = 5000;

std::uint64_t seconds_taken(const DeskClock& clock) {
  const std::uint64_t done = clock.done->value;
  return done > clock.since.value ? (done - clock.since.value) / 1000 : 0;
}

class Counter {
 public:
  Counter() {
    for (std::size_t step = 0; step < desk_step_words.size(); ++step) {
      performance_.steps.emplace_back();
      performance_.steps.back().step = static_cast<DeskStep>(step);
    }
  }

  bool is_full() const { return performance_.notices == notices_max; }
  void stop_short() { performance_.is_all = false; }

  void add(EntryIndex notice, const std::vector<DeskClock>& clocks) {
    ++performance_.notices;
    for (const DeskClock& clock : clocks) {
      const auto at = static_cast<std::size_t>(clock.step);
      StepPerformance& step = performance_.steps[at];
      if (clock.is_open()) {
        step.open.push_back({notice, clock});
        continue;
      }
      taken_[at].push_back(seconds_taken(clock));
      if (*clock.done > clock.due) {
        step.late.push_back({notice, clock});
      } else {
        ++step.in_time;
      }
    }
  }

  DeskPerformance finish() {
    for (std::size_t at = 0; at < taken_.size(); ++at) {
      auto& taken = taken_[at];
      if (taken.empty()) continue;
      std::sort(taken.begin(), taken.end());
      performance_.steps[at].median = taken[(taken.size() - 1) / 2];
      performance_.steps[at].worst = taken.back();
    }
    return std::move(performance_);
  }

 private:
  DeskPerformance performance_;
  std::array<std::vector<std::uint64_t>, desk_step_words.size()> taken_;
};

}  // namespace

Result<DeskPerformance> desk_performance(const LogView& log, UnixMillis from, UnixMillis to,
                                         const DeskLimits& limits, const WorkingDays& calendar) {
  Counter counter;
  std::optional<EntryIndex> before;
  for (bool more = true; more;) {
    const auto records = TRY(log.list().notices_before(before, notices_at_once));
    more = records.size() == notices_at_once;
    for (const NoticeRecord& record : records) {
      before = record.entry;
      if (record.issued >= to) continue;
      if (record.issued < from) return counter.finish();
      if (counter.is_full()) {
        counter.stop_short();
        return counter.finish();
      }
      counter.add(record.entry, TRY(desk_clocks(log, record, limits, calendar)));
    }
  }
  return counter.finish();
}

}  // namespace cpl
