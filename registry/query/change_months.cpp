#include "registry/query/change_months.hpp"

#include "registry/query/entry_search.hpp"
#include "registry/query/months.hpp"

namespace cpl {
namespace {

constexpr std::size_t entries_max = 200'000;  // Then it ends with the month in hand.
constexpr std::size_t leaves_at_once = 256;

void count(std::string_view type, MonthOfChanges& month) {
  if (type == "addition") ++month.added;
  if (type == "removal") ++month.removed;
  if (type == "reinstatement") ++month.reinstated;
  if (type == "correction") ++month.corrected;
}

Result<void> count_entries(const LogView& log, EntryIndex from, EntryIndex to,
                           MonthOfChanges& month) {
  while (from < to) {
    const auto leaves = TRY(log.leaves(from, std::min(leaves_at_once, to.value - from.value)));
    for (const Bytes& leaf : leaves) {
      const Entry entry = TRY(parse_entry(leaf));
      count(statement_type_of(entry), month);
    }
    from.value += leaves.size();
  }
  return {};
}

}  // namespace

Result<ChangeMonths> change_months(const LogView& log, const std::string& from,
                                   const std::string& to) {
  ChangeMonths found;
  std::uint64_t counted = 0;
  EntryIndex begin = TRY(first_entry_since(log, beginning_of_month(from)));
  for (std::string month = from; month <= to; month = month_plus(month, 1)) {
    if (counted > entries_max) {
      found.next = month;
      break;
    }
    const EntryIndex end = TRY(first_entry_since(log, beginning_of_month(month_plus(month, 1))));
    MonthOfChanges changes{month};
    TRY_VOID(count_entries(log, begin, end, changes));
    found.months.push_back(std::move(changes));
    counted += end.value - begin.value;
    begin = end;
  }
  return found;
}

}  // namespace cpl
