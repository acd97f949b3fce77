// The change feed as octets: events in the order of the log, under a filter, in the form of each
// channel. Readers that stand at the same place with the same wish get the same octets: what a
// publication brings is made once, however many wait for it. Any thread.
#pragma once

#include <unordered_map>

#include "crypto/mutex.hpp"
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
};

struct FeedPage {
  std::shared_ptr<const Bytes> octets;  // Null: no event.
  std::uint64_t events = 0;
  FeedPosition after;
};

struct FeedLimits {
  std::uint64_t events = 0;
  std::size_t octets = 0;  // Reached, and passed by one event at most.
};

class EventFeed {
 public:
  EventFeed(EventOptions options, std::size_t cache_octets_max);

  // Behind what was seen up to `next`: finds the event before it, so that the first event given can
  // name it.
  Result<FeedPosition> stand(const LogView& log, const EventFilter& filter, EntryIndex next);
  // The events from there on, as many as the limits allow; with none, `after` is the log's end.
  Result<FeedPage> read(const LogView& log, const FeedWish& wish, const FeedPosition& position,
                        const FeedLimits& limits);
  // The checkpoint event of the interval that `now` is in.
  Result<std::shared_ptr<const Bytes>> checkpoint(const LogView& log, const FeedWish& wish,
                                                  const std::optional<EntryIndex>& previous,
                                                  UnixMillis now);

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
  std::array<Shard, 16> shards_;
  const std::size_t octets_max_;  // Of one shard.
};

}  // namespace cpl
