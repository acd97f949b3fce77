#include "tools/cpl/entry_range.hpp"

#include "registry/base/london.hpp"
#include "tools/cpl/pages.hpp"
#include "tools/cpl/time_options.hpp"
#include "tools/cpl/told.hpp"

namespace cpl {
namespace {

// What a time or a day begins with.
Result<UnixMillis> read_since(const std::string& text, UnixMillis now) {
  if (const auto day = Date::parse(text)) return london_midnight(*day);
  return read_at_time(text, now);
}

}  // namespace

Result<EntryRange> range_between(const HttpClient& client, const std::string& since,
                                 const std::string& until, UnixMillis now) {
  EntryRange range;
  if (!since.empty()) {
    const UnixMillis begin = TRY(read_since(since, now));
    if (begin > now) {
      return malformed("time-to-come", "\"" + printable(since) + "\" is still to come");
    }
    range.first = TRY(size_at_time(client, UnixMillis{begin.value - 1}));
  }
  range.end = TRY(size_at_time(client, until.empty() ? now : TRY(read_at_time(until, now))));
  if (range.first <= range.end) return range;
  return malformed("times-reversed", "the first time is later than the second");
}

Result<void> for_each_entry(const HttpClient& client, const EntryRange& range,
                            const std::function<void(const Json&)>& take) {
  std::uint64_t next = range.first;
  const auto take_page = [&](const Json& page) -> Result<bool> {
    for (const Json& row : TRY(rows_of(page, "entries"))) {
      if (next >= range.end) return false;
      if (TRY(number_in(row, "index")) != next) break;
      take(row);
      ++next;
    }
    return next < range.end;
  };
  if (next < range.end) {
    TRY_VOID(for_each_page(client,
                           {"/v1/entries?limit=500", "entries", "from", Direction::rising,
                            std::to_string(range.first)},
                           take_page));
  }
  if (next >= range.end) return {};
  return evidence_mismatch("the registry leaves out entry " + std::to_string(next));
}

}  // namespace cpl
