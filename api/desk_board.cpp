#include "api/desk_board.hpp"

#include "notifier/metric_text.hpp"

namespace cpl {
namespace {

constexpr std::size_t page = 500;

}  // namespace

Result<void> DeskBoard::count(const LogView& log) {
  std::array<std::uint64_t, notice_state_words.size()> notices{};
  std::vector<DeskClock> open;
  std::optional<EntryIndex> before;
  while (true) {
    const auto records = TRY(log.list().notices_before(before, page));
    for (const NoticeRecord& record : records) {
      ++notices[static_cast<std::size_t>(record.state)];
      for (const DeskClock& clock :
           TRY(desk_clocks(log, record, options_.limits, options_.calendar))) {
        if (clock.is_open()) open.push_back(clock);
      }
    }
    if (records.size() < page) break;
    before = records.back().entry;
  }
  notices_ = notices;
  open_ = std::move(open);
  counted_at_ = log.size();
  return {};
}

Result<std::string> DeskBoard::metrics(const LogView& log, UnixMillis now) {
  const std::lock_guard lock(mutex_);
  if (counted_at_ != log.size()) TRY_VOID(count(log));
  MetricText text;
  text.begin("cpl_desk_notices", "gauge", "Notices to the Service Desk, by their state.");
  for (std::size_t state = 0; state < notice_state_words.size(); ++state) {
    text.sample("state", notice_state_words[state], notices_[state]);
  }
  text.begin("cpl_desk_clocks_late", "gauge", "Steps of removals that are not done and overdue.");
  for (std::size_t step = 0; step < desk_step_words.size(); ++step) {
    const auto late = std::count_if(open_.begin(), open_.end(), [&](const DeskClock& clock) {
      return static_cast<std::size_t>(clock.step) == step && clock.is_late(now);
    });
    text.sample("step", desk_step_words[step], static_cast<std::uint64_t>(late));
  }
  return text.take();
}

}  // namespace cpl
