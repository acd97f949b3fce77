// Events for those who read on from a cursor. Many subscriptions read the same entries at about the
// same time, after a restart all of them: what one has read, parsed and formatted is kept a while
// for the others. One thread at a time.
#pragma once

#include <list>
#include <map>

#include "notifier/event/event.hpp"

namespace cpl {

class EventReader {
 public:
  // Entries may be large: no more are kept than those who keep pace need, who are never far apart.
  explicit EventReader(EventOptions options, std::size_t windows_max = 16)
      : options_(std::move(options)), windows_max_(windows_max) {}
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  // What `event_of` the entry says: null where it concerns that audience not. `index` is below the
  // view's size.
  Result<std::shared_ptr<const Event>> read(const LogView& view, EntryIndex index,
                                            Audience audience);
  // What `format_event` says of an event that was read.
  Result<Bytes> format(const Event& event, Audience audience, const EventContext& context,
                       const LogView& view);

 private:
  static constexpr std::size_t window_size = 16;  // Entries read at a time.

  // An event as it was told last, and what it was told under.
  struct Told {
    EventContext context;
    Bytes checkpoint_note;
    Bytes body;
  };
  struct Reading {
    bool is_parsed = false;
    std::shared_ptr<const Event> event;
    std::optional<Told> told;
  };
  struct Row {
    Bytes leaf;
    std::array<Reading, audience_words.size()> readings;  // By audience.
  };
  struct Window {
    std::uint64_t number = 0;
    std::vector<Row> rows;  // Fewer where the log had no more.
  };
  using Windows = std::list<Window>;

  Window& window(std::uint64_t number);
  Result<Row*> row(const LogView& view, EntryIndex index);

  const EventOptions options_;
  const std::size_t windows_max_;
  Windows windows_;  // The longest unused last.
  std::map<std::uint64_t, Windows::iterator> by_number_;
};

}  // namespace cpl
