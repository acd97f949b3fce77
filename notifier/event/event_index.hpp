// Which entries are events, and about whom: eight octets an entry in memory, so that a reader with
// a filter passes over what it does not want without reading it. Made from the log when first
// asked, and again after each start; any thread.
#pragma once

#include "crypto/mutex.hpp"
#include "notifier/event/event_filter.hpp"

namespace cpl {

class EventIndex {
 public:
  explicit EventIndex(Audience audience) : audience_(audience) {}
  EventIndex(const EventIndex&) = delete;
  EventIndex& operator=(const EventIndex&) = delete;

  // The first event from `from` up to `end` that the filter wants. `from` moves behind it, or to
  // the end where there is none.
  Result<std::optional<Event>> next(const LogView& log, const EventFilter& filter, EntryIndex& from,
                                    EntryIndex end);
  // The last one before `before`, and its sequence alone.
  Result<std::optional<Event>> last_before(const LogView& log, const EventFilter& filter,
                                           EntryIndex before);
  Result<std::optional<EntryIndex>> previous(const LogView& log, const EventFilter& filter,
                                             EntryIndex before);

 private:
  // What a filter can be held against without the entry. Hashes may meet by chance: a row that
  // fits is only a candidate.
  struct Row {
    std::uint8_t kind = 0;               // 0: no event; else its place in event_kind_words, from 1.
    std::uint8_t device_type = unknown;  // Unknown where the event names not exactly one model.
    std::uint16_t manufacturer = 0;
    std::uint32_t model = 0;
  };
  struct Sought;

  static constexpr std::uint8_t unknown = 255;

  static Row row_of(const std::optional<Event>& event);
  Result<void> extend(const LogView& log);
  Result<std::optional<Event>> confirm(const LogView& log, const EventFilter& filter,
                                       EntryIndex candidate) const;

  const Audience audience_;
  mutable SharedMutex mutex_;
  std::vector<Row> rows_ GUARDED_BY(mutex_);  // One for each entry, from entry 0 on.
};

}  // namespace cpl
