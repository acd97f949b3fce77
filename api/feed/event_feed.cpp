#include "api/feed/event_feed.hpp"

#include <nlohmann/json.hpp>

#include "crypto/hash.hpp"
#include "registry/base/london.hpp"

namespace cpl {
namespace {

constexpr std::size_t page_overhead = 256;  // Of a kept page beyond its octets, about.

// One event in the form of its channel. `cursor` is what it moves a reader to.
void append_event(Bytes& out, FeedForm form, const std::string& cursor, const std::string& type,
                  const Bytes& json) {
  switch (form) {
    case FeedForm::json:
      if (!out.empty()) out += ',';
      out += json;
      return;
    case FeedForm::ndjson:
      out.append(json).append("\n");
      return;
    case FeedForm::sse:
    case FeedForm::sse_unnamed:
      out.append("id: ").append(cursor);
      if (form == FeedForm::sse) out.append("\nevent: ").append(type);
      out.append("\ndata: ").append(json).append("\n\n");
      return;
  }
}

void append_key(Bytes& key, std::uint64_t number) {
  key.append(std::to_string(number)).append(" ");
}

}  // namespace

FeedWish::FeedWish(EventFilter event_filter, FeedForm feed_form)
    : filter(std::move(event_filter)),
      form(feed_form),
      key(std::to_string(static_cast<unsigned>(form)) +
          Bytes(sha256(canonical_json(to_json(filter))).view())) {}

std::string format_cursor(const FeedPosition& position) {
  check(position.next.value > 0);
  const std::string sequence = format_sequence(EntryIndex{position.next.value - 1});
  return position.endings.empty() ? sequence : sequence + "_" + position.endings;
}

Result<std::string> cursor_of(const LogView& log, const FeedPosition& position) {
  const EndingPlace implied = TRY(place_before(log, position.next));
  if (position.endings > implied) return format_cursor(position);
  return format_sequence(EntryIndex{position.next.value - 1});
}

EventFeed::EventFeed(EventOptions options, std::size_t cache_octets_max)
    : options_(std::move(options)),
      endings_(options_.months_ahead),
      octets_max_(cache_octets_max / shards_.size()) {}

Result<FeedPosition> EventFeed::stand(const LogView& log, const EventFilter& filter,
                                      EntryIndex next) {
  const auto previous = TRY(index_.previous(log, filter, next));
  EndingPlace endings = TRY(place_before(log, next));
  return FeedPosition{next, previous, std::move(endings)};
}

// Made under the shard's lock, so that others who want the same page wait for it instead of making
// it too.
template <class Make>
Result<FeedPage> EventFeed::shared(const LogView& log, const Bytes& key, const Make& make) {
  Shard& shard = shards_[std::hash<Bytes>()(key) % shards_.size()];
  const Lock lock(shard.mutex);
  if (shard.size > log.size()) return make();  // The reader holds a view that others are past.
  if (shard.size < log.size()) {
    shard.pages.clear();
    shard.octets = 0;
    shard.size = log.size();
  }
  if (const auto kept = shard.pages.find(key); kept != shard.pages.end()) return kept->second;
  FeedPage page = TRY(make());
  const std::size_t weight =
      page_overhead + key.size() + (page.octets == nullptr ? 0 : page.octets->size());
  if (shard.octets + weight > octets_max_) {
    shard.pages.clear();
    shard.octets = 0;
  }
  if (weight <= octets_max_) {
    shard.octets += weight;
    shard.pages.emplace(key, page);
  }
  return page;
}

Result<FeedPage> EventFeed::read(const LogView& log, const FeedWish& wish,
                                 const FeedPosition& position, const FeedLimits& limits) {
  if (position.next.value >= log.size().value && !limits.day) return FeedPage{nullptr, 0, position};
  Bytes key = wish.key;
  append_key(key, position.next.value);
  append_key(key, position.previous ? position.previous->value + 1 : 0);
  append_key(key, limits.events);
  append_key(key, limits.octets);
  key.append(position.endings).append(" ").append(limits.day ? limits.day->text() : "");
  return shared(log, key, [&] { return make(log, wish, position, limits); });
}

Result<FeedPage> EventFeed::make(const LogView& log, const FeedWish& wish,
                                 const FeedPosition& position, const FeedLimits& limits) {
  FeedPage page{nullptr, 0, position};
  const EntryIndex end{log.size().value};
  Bytes octets;
  while (page.events < limits.events && octets.size() < limits.octets) {
    EntryIndex next = page.after.next;
    const auto event = TRY(index_.next(log, wish.filter, next, end));
    const auto day = event ? std::optional(london_day(event->time)) : limits.day;
    // An ending comes before the entries of its day.
    const auto ending =
        day ? TRY(endings_.next(log, wish.filter, page.after.endings, *day)) : std::nullopt;
    if (ending) {
      page.after.next = event ? event->sequence : std::max(page.after.next, end);
      page.after.endings = place_behind(*ending);
      const std::string terms = wish.filter.terms_met(event_of(*ending, {}));
      append_event(octets, wish.form, format_cursor(page.after),
                   options_.type_prefix + "." + std::string(cover_ending_kind),
                   TRY(format_ending(*ending, {page.after.previous, terms}, log, options_)));
      ++page.events;
      continue;
    }
    page.after.next = next;
    if (!event) break;
    append_event(octets, wish.form, format_sequence(event->sequence),
                 options_.type_prefix + "." + event->kind,
                 TRY(format_event(*event, {page.after.previous, wish.filter.terms_met(*event)}, log,
                                  options_)));
    page.after.previous = event->sequence;
    ++page.events;
  }
  if (page.events > 0) page.octets = std::make_shared<const Bytes>(std::move(octets));
  return page;
}

Result<std::shared_ptr<const Bytes>> EventFeed::checkpoint(const LogView& log, const FeedWish& wish,
                                                           const FeedPosition& position,
                                                           UnixMillis now) {
  const std::string cursor =
      TRY(cursor_of(log, {EntryIndex{log.size().value}, {}, position.endings}));
  const UnixMillis time = checkpoint_time(now, options_);
  Bytes key = wish.key + "checkpoint ";
  append_key(key, time.value);
  append_key(key, position.previous ? position.previous->value + 1 : 0);
  key += cursor;
  const FeedPage page = TRY(shared(log, key, [&]() -> Result<FeedPage> {
    Bytes octets;
    append_event(octets, wish.form, cursor,
                 options_.type_prefix + "." + std::string(checkpoint_kind),
                 TRY(format_checkpoint_event(log, time, position.previous, options_)));
    return FeedPage{std::make_shared<const Bytes>(std::move(octets)), 1, {}};
  }));
  return page.octets;
}

}  // namespace cpl
