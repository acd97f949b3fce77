// The change feed as octets: events in the order of the log, under a filter, in the form of each
// channel. Readers that stand at the same place with the same wish get the same octets: what a
// publication brings is made once, however many wait for it. Any thread.
#pragma once

#include <unordered_map>

#include "crypto/mutex.hpp"
#include "notifier/event/cover_endings.hpp"
#include "notifier/event/event_index.hpp"

namespace cpl {

enum class FeedForm : std::uint8_t {
  json,         // Objects with commas between them.
  ndjson,       // One line each.
  sse,          // Server-sent events, named by their type.
  sse_unnamed,  // The same without names, for clients that know only "message".
};

// What a reader wants; shared by its requests and constant.
struct FeedWish {
  FeedWish(EventFilter event_filter, FeedForm feed_form);

  const EventFilter filter;
  const FeedForm form;
  const Bytes key;  // Equal for equal wishes.
};

// Where a reader stands.
struct FeedPosition {
  EntryIndex next;                     // The first entry that it has not seen.
  std::optional<EntryIndex> previous;  // The last event before that which its filter wants.
  EndingPlace endings{};               // And what it has seen of certificates' ends.
};

// The cursor of a reader that stands there: the number of the last entry, and behind an underscore
// the place among certificates' ends, where that is further than the entry tells.
std::string format_cursor(const FeedPosition& position);
// The same, without what the entry tells by itself.
Result<std::string> cursor_of(const LogView& log, const FeedPosition& position);

struct FeedPage {
  std::shared_ptr<const Bytes> octets;  // Null: no event.
  std::uint64_t events = 0;
  FeedPosition after;
};

struct FeedLimits {
  std::uint64_t events = 0;
  std::size_t octets = 0;     // Reached, and passed by one event at most.
  std::optional<Date> day{};  // Up to which certificates' ends are told; none: of no day.
};

class EventFeed {
 public:
  EventFeed(EventOptions options, std::size_t cache_octets_max);

  // Behind what was seen up to `next`: finds the event before it, so that the first event given can
  // name it.
  Result<FeedPosition> stand(const LogView& log, const EventFilter& filter, EntryIndex next);
  // The certificates' ends that are told before entry `next`, or up to that day, behind `after`.
  Result<std::optional<CoverEnding>> next_ending(const LogView& log, const EventFilter& filter,
                                                 const EndingPlace& after, const Date& up_to) {
    return endings_.next(log, filter, after, up_to);
  }
  // The events from there on, as many as the limits allow; with none, `after` is the log's end.
  Result<FeedPage> read(const LogView& log, const FeedWish& wish, const FeedPosition& position,
                        const FeedLimits& limits);
  // The checkpoint event of the interval that `now` is in, for who stands at the head.
  Result<std::shared_ptr<const Bytes>> checkpoint(const LogView& log, const FeedWish& wish,
                                                  const FeedPosition& position, UnixMillis now);

  EventIndex& index() { return index_; }
  const EventOptions& options() const { return options_; }

 private:
  struct Shard {
    Mutex mutex;
    TreeSize size GUARDED_BY(mutex);  // of which state of the log the pages are.
    std::unordered_map<Bytes, FeedPage> pages GUARDED_BY(mutex);
    std::size_t octets GUARDED_BY(mutex) = 0;
  };

  template <class Make>
  Result<FeedPage> shared(const LogView& log, const Bytes& key, const Make& make);
  Result<FeedPage> make(const LogView& log, const FeedWish& wish, const FeedPosition& position,
                        const FeedLimits& limits);

  const EventOptions options_;
  EventIndex index_{Audience::parties};
  CoverEndings endings_;
  std::array<Shard, 16> shards_;
  const std::size_t octets_max_;  // Of one shard.
};

}  // namespace cpl
