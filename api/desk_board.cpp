#include "api/desk_board.hpp"

namespace cpl {
namespace {

constexpr std::size_t page = 500;

std::string metric(std::string_view name, std::string_view help) {
  std::string text = "# HELP ";
  text.append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" gauge\n");
  return text;
}

std::string sample(std::string_view name, std::string_view label, std::string_view value,
                   std::uint64_t count) {
  std::string text(name);
  text.append("{").append(label).append("=\"").append(value).append("\"} ");
  return text + std::to_string(count) + "\n";
}

}  // namespace

Result<void> DeskBoard::count(const LogView& log) {
  std::array<std::uint64_t, notice_states.size()> notices{};
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
  std::string text = metric("cpl_desk_notices", "Notices to the Service Desk, by their state.");
  for (const NoticeState state : notice_states) {
    text += sample("cpl_desk_notices", "state", to_string(state),
                   notices_[static_cast<std::size_t>(state)]);
  }
  text += metric("cpl_desk_clocks_late", "Steps of removals that are not done and overdue.");
  for (std::size_t step = 0; step < desk_step_words.size(); ++step) {
    const auto late = std::count_if(open_.begin(), open_.end(), [&](const DeskClock& clock) {
      return static_cast<std::size_t>(clock.step) == step && clock.is_late(now);
    });
    text += sample("cpl_desk_clocks_late", "step", desk_step_words[step],
                   static_cast<std::uint64_t>(late));
  }
  return text;
}

}  // namespace cpl
