// What a filter would have let through: for whoever thinks about subscribing.
#pragma once

#include "notifier/event/event_index.hpp"

namespace cpl {

inline constexpr std::uint64_t preview_events_max = 5'000;

struct Preview {
  std::uint64_t count = 0;
  bool complete = true;       // False: there were more than preview_events_max.
  std::vector<Event> newest;  // The newest first.
};

Result<Preview> preview(const LogView& log, EventIndex& index, const EventFilter& filter,
                        UnixMillis since, std::size_t newest_max);

}  // namespace cpl
