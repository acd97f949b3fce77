#include "registry/query/desk_clock.hpp"

#include "crypto/note.hpp"
#include "registry/base/london.hpp"
#include "registry/statement/statement.hpp"
#include "registry/tlog/entry.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t millis_per_hour = 3'600'000;

UnixMillis hours_after(UnixMillis time, std::uint64_t hours) {
  return UnixMillis{time.value + hours * millis_per_hour};
}

// When the desk took each step, by the log's time.
struct ReceiptTimes {
  std::optional<UnixMillis> first;
  std::optional<UnixMillis> judged;  // `validated` or `rejected`.
  std::optional<UnixMillis> applied;
};

Result<ReceiptTimes> receipt_times(const LogView& log, const NoticeRecord& notice) {
  ReceiptTimes times;
  for (const EntryIndex index : notice.receipts) {
    const Entry entry = TRY(log.entry(index));
    const Statement statement = TRY(read_signed(entry.statement));
    const auto* receipt = std::get_if<Receipt>(&statement.body);
    if (receipt == nullptr) return corrupt("a notice names a receipt that is not one");
    if (!times.first) times.first = entry.time;
    if (receipt->status == ReceiptStatus::applied) {
      times.applied = entry.time;
    } else if (receipt->status != ReceiptStatus::received && !times.judged) {
      times.judged = entry.time;
    }
  }
  return times;
}

// From when the DCC has something to apply: the first of the models is removed, and that is in
// effect.
Result<std::optional<UnixMillis>> removed_since(const LogView& log, const NoticeRecord& notice) {
  std::optional<UnixMillis> since;
  for (const auto& [model, index] : notice.removals) {
    const Entry entry = TRY(log.entry(index));
    const Statement statement = TRY(read_signed(entry.statement));
    const auto* removal = std::get_if<Removal>(&statement.body);
    if (removal == nullptr) return corrupt("a notice names a removal that is not one");
    const UnixMillis in_effect =
        std::max(entry.time, effective_time(removal->effective_from, entry.time));
    since = std::min(since.value_or(in_effect), in_effect);
  }
  return since;
}

}  // namespace

Result<std::vector<DeskClock>> desk_clocks(const LogView& log, const NoticeRecord& notice,
                                           const DeskLimits& limits, const WorkingDays& calendar) {
  const auto decision = TRY(log.list().decision(notice.notice.decision));
  if (!decision) return corrupt("a notice names a decision that is not there");
  const Date decided = decision->decision.date;
  const ReceiptTimes times = TRY(receipt_times(log, notice));
  std::vector<DeskClock> clocks = {
      {DeskStep::notify, london_midnight(decided),
       calendar.end_of(decided, limits.notify_working_days), notice.issued},
      {DeskStep::receive, notice.issued, hours_after(notice.issued, limits.receive_hours),
       times.first},
      {DeskStep::validate, notice.issued, hours_after(notice.issued, limits.validate_hours),
       times.judged}};
  const auto since = TRY(removed_since(log, notice));
  if (since && notice.state != NoticeState::rejected) {
    clocks.push_back(
        {DeskStep::apply, *since, hours_after(*since, limits.apply_hours), times.applied});
  }
  // Nothing is due any more on a notice that was taken back.
  if (notice.withdrawn_by) {
    std::erase_if(clocks, [](const DeskClock& clock) { return !clock.done; });
  }
  return clocks;
}

}  // namespace cpl
