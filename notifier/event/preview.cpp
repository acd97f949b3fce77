#include "notifier/event/preview.hpp"

namespace cpl {

Result<Preview> preview(const LogView& log, EventIndex& index, const EventFilter& filter,
                        UnixMillis since, std::size_t newest_max) {
  Preview preview;
  EntryIndex before{log.size().value};
  while (auto event = TRY(index.last_before(log, filter, before))) {
    if (event->time < since) break;  // Times never fall: what is older is older still.
    if (preview.count == preview_events_max) {
      preview.complete = false;
      break;
    }
    ++preview.count;
    before = event->sequence;
    if (preview.newest.size() < newest_max) preview.newest.push_back(*std::move(event));
  }
  return preview;
}

}  // namespace cpl
