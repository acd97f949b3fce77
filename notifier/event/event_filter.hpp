// Which of the events somebody is entitled to hear, he wants to hear.
#pragma once

#include <algorithm>

#include "notifier/event/event.hpp"
#include "notifier/event/hardware_term.hpp"

namespace cpl {

// An empty list wants everything.
template <class Items, class Item>
bool wanted(const Items& items, const Item& item) {
  return items.empty() || std::find(items.begin(), items.end(), item) != items.end();
}

// Which events a subscriber wants; an empty list wants all. But no list of classifications wants
// none: a consumer that does not know an event's class must reject it, so that only who asked is
// sent one.
struct EventFilter {
  std::vector<std::string> kinds;
  std::vector<std::string> manufacturer_ids;
  std::vector<DeviceType> device_types;
  std::vector<ModelId> models;
  std::vector<std::string> classifications{};  // Of advisories, which `kinds` does not concern.
  // Beside `models`: a model is wanted that either of the two names.
  std::vector<HardwareTerm> hardware{};

  bool matches(const Event& event) const;
  // Which of its terms an event that it wants has met: "types:entry.added.v1
  // hardware:ESME-1063-00050203", at most `terms_told_max`; empty where it wants all.
  std::string terms_met(const Event& event) const;
  // An advisory of that class, on an entry that names these models to the subscriber.
  bool wants_advisory(const std::string& classification, const std::vector<ModelId>& named) const;

  // Whether it wants what names these models, of whatever kind.
  bool concerns(const std::vector<ModelId>& named) const;

 private:
  bool names(const ModelId& id) const;
};

inline constexpr std::size_t terms_told_max = 32;

EventFilter read_filter(const Json& value, const std::string& pointer, FieldErrors& errors);
Json to_json(const EventFilter& filter);

}  // namespace cpl
