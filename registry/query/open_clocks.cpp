#include "registry/query/open_clocks.hpp"

namespace cpl {
namespace {

constexpr std::size_t page = 500;

}  // namespace

Result<void> OpenClocks::follow(const LogView& log) {
  if (counted_at_ == log.size()) return {};
  std::array<std::uint64_t, notice_state_words.size()> notices{};
  std::vector<OpenClock> open;
  std::optional<EntryIndex> before;
  while (true) {
    const auto records = TRY(log.list().notices_before(before, page));
    for (const NoticeRecord& record : records) {
      ++notices[static_cast<std::size_t>(record.state)];
      for (const DeskClock& clock : TRY(desk_clocks(log, record, limits_, calendar_))) {
        if (clock.is_open()) open.push_back({record.entry, record.notice.models.size(), clock});
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

}  // namespace cpl
