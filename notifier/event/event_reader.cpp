#include "notifier/event/event_reader.hpp"

namespace cpl {

EventReader::Window& EventReader::window(std::uint64_t number) {
  if (const auto found = by_number_.find(number); found != by_number_.end()) {
    windows_.splice(windows_.begin(), windows_, found->second);
    return windows_.front();
  }
  if (windows_.size() >= windows_max_) {
    by_number_.erase(windows_.back().number);
    windows_.pop_back();
  }
  windows_.push_front({number, {}});
  by_number_.emplace(number, windows_.begin());
  return windows_.front();
}

// Entries never change: what was read under an older view is right under every one.
Result<EventReader::Row*> EventReader::row(const LogView& view, EntryIndex index) {
  Window& kept = window(index.value / window_size);
  const std::size_t place = index.value % window_size;
  if (place >= kept.rows.size()) {
    const EntryIndex next{kept.number * window_size + kept.rows.size()};
    for (Bytes& leaf : TRY(view.leaves(next, window_size - kept.rows.size()))) {
      kept.rows.push_back({std::move(leaf), {}});
    }
  }
  check(place < kept.rows.size());
  return &kept.rows[place];
}

Result<std::shared_ptr<const Event>> EventReader::read(const LogView& view, EntryIndex index,
                                                       Audience audience) {
  check(index.value < view.size().value);
  Row& found = *TRY(row(view, index));
  Reading& reading = found.readings[static_cast<std::size_t>(audience)];
  if (!reading.is_parsed) {
    auto event = TRY(event_of(found.leaf, audience));
    if (event) reading.event = std::make_shared<const Event>(*std::move(event));
    reading.is_parsed = true;
  }
  return reading.event;
}

Result<Bytes> EventReader::format(const Event& event, Audience audience,
                                  const EventContext& context, const LogView& view) {
  Reading& reading = TRY(row(view, event.sequence))->readings[static_cast<std::size_t>(audience)];
  const bool is_same = reading.told && reading.told->context == context &&
                       reading.told->checkpoint_note == view.checkpoint_note();
  if (!is_same) {
    Bytes body = TRY(format_event(event, context, view, options_));
    reading.told = Told{context, view.checkpoint_note(), std::move(body)};
  }
  return reading.told->body;
}

}  // namespace cpl
