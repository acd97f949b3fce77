#include "notifier/event/event_index.hpp"

namespace cpl {
namespace {

constexpr std::size_t window_size = 256;  // Entries read at a time.

// FNV-1a: spreads well enough for a guess that is confirmed afterwards.
std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 2'166'136'261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  return hash;
}

std::uint16_t short_hash_of(std::string_view text) {
  return static_cast<std::uint16_t>(hash_of(text) & 0xffffU);
}

}  // namespace

// A filter as rows know it.
struct EventIndex::Sought {
  explicit Sought(const EventFilter& filter) {
    for (const std::string& kind : filter.kinds) {
      const auto at = std::find(event_kind_words.begin(), event_kind_words.end(), kind);
      kinds.push_back(static_cast<std::uint8_t>(at - event_kind_words.begin() + 1));
    }
    for (const std::string& id : filter.manufacturer_ids)
      manufacturers.push_back(short_hash_of(id));
    for (const DeviceType type : filter.device_types) {
      device_types.push_back(static_cast<std::uint8_t>(type));
    }
    for (const ModelId& id : filter.models) models.push_back(hash_of(id.text()));
    for (const HardwareTerm& term : filter.hardware) {
      families.emplace_back(static_cast<std::uint8_t>(term.device_type()),
                            short_hash_of(term.manufacturer_id()));
    }
  }

  bool may_be(const Row& row) const {
    if (row.kind == 0 || !wanted(kinds, row.kind)) return false;
    return row.device_type == unknown ||
           (wanted(manufacturers, row.manufacturer) && wanted(device_types, row.device_type) &&
            may_be_named(row));
  }
  // A row knows of a hardware its type and manufacturer alone.
  bool may_be_named(const Row& row) const {
    if (families.empty()) return wanted(models, row.model);
    return std::find(models.begin(), models.end(), row.model) != models.end() ||
           wanted(families, std::pair(row.device_type, row.manufacturer));
  }

  std::vector<std::uint8_t> kinds;
  std::vector<std::uint16_t> manufacturers;
  std::vector<std::uint8_t> device_types;
  std::vector<std::uint32_t> models;
  std::vector<std::pair<std::uint8_t, std::uint16_t>> families;  // Device type and manufacturer.
};

EventIndex::Row EventIndex::row_of(const std::optional<Event>& event) {
  Row row;
  if (!event) return row;
  const auto at = std::find(event_kind_words.begin(), event_kind_words.end(), event->kind);
  row.kind = static_cast<std::uint8_t>(at - event_kind_words.begin() + 1);
  if (event->models.size() != 1) return row;
  const ModelId& model = event->models.front();
  row.device_type = static_cast<std::uint8_t>(model.device_type());
  row.manufacturer = short_hash_of(model.manufacturer_id());
  row.model = hash_of(model.text());
  return row;
}

Result<void> EventIndex::extend(const LogView& log) {
  {
    const SharedLock lock(mutex_);
    if (rows_.size() >= log.size().value) return {};
  }
  const Lock lock(mutex_);
  while (rows_.size() < log.size().value) {
    for (const Bytes& leaf : TRY(log.leaves(EntryIndex{rows_.size()}, window_size))) {
      rows_.push_back(row_of(TRY(event_of(leaf, audience_))));
    }
  }
  return {};
}

Result<std::optional<Event>> EventIndex::confirm(const LogView& log, const EventFilter& filter,
                                                 EntryIndex candidate) const {
  auto event = TRY(event_of(TRY(log.leaf(candidate)), audience_));
  if (event && !filter.matches(*event)) event.reset();
  return event;
}

Result<std::optional<Event>> EventIndex::next(const LogView& log, const EventFilter& filter,
                                              EntryIndex& from, EntryIndex end) {
  TRY_VOID(extend(log));
  const Sought sought(filter);
  const EntryIndex last{std::min(end.value, log.size().value)};
  while (from < last) {
    {
      const SharedLock lock(mutex_);
      while (from < last && !sought.may_be(rows_[from.value])) ++from.value;
    }
    if (from >= last) break;
    auto event = TRY(confirm(log, filter, from));
    ++from.value;
    if (event) return event;
  }
  return std::optional<Event>();
}

Result<std::optional<Event>> EventIndex::last_before(const LogView& log, const EventFilter& filter,
                                                     EntryIndex before) {
  TRY_VOID(extend(log));
  const Sought sought(filter);
  std::uint64_t at = std::min(before.value, log.size().value);
  while (at > 0) {
    {
      const SharedLock lock(mutex_);
      while (at > 0 && !sought.may_be(rows_[at - 1])) --at;
    }
    if (at == 0) break;
    --at;
    if (auto event = TRY(confirm(log, filter, EntryIndex{at}))) return event;
  }
  return std::optional<Event>();
}

Result<std::optional<EntryIndex>> EventIndex::previous(const LogView& log,
                                                       const EventFilter& filter,
                                                       EntryIndex before) {
  const auto event = TRY(last_before(log, filter, before));
  return event ? std::optional(event->sequence) : std::nullopt;
}

}  // namespace cpl
