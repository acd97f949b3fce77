// Which of the events somebody is entitled to hear, he wants to hear.
#pragma once

#include <algorithm>

#include "notifier/event/event.hpp"

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

  bool matches(const Event& event) const;
  // An advisory of that class, on an entry that names these models to the subscriber.
  bool wants_advisory(const std::string& classification, const std::vector<ModelId>& named) const;

 private:
  bool concerns(const std::vector<ModelId>& named) const;
};

EventFilter read_filter(const Json& value, const std::string& pointer, FieldErrors& errors);
Json to_json(const EventFilter& filter);

}  // namespace cpl
