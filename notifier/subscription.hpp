// A subscription: a filter and a cursor over the log. Nothing is queued anywhere else, so replay,
// resume after an outage and "dead letter" are all "move the cursor".
#pragma once

#include "notifier/event.hpp"

namespace cpl {

// Which events a subscriber wants; an empty list wants all.
struct EventFilter {
  std::vector<std::string> kinds;
  std::vector<std::string> manufacturer_ids;
  std::vector<DeviceType> device_types;
  std::vector<ModelId> models;

  bool matches(const Event& event) const;
};

enum class SubscriptionState : std::uint8_t { active, quarantined };
inline constexpr std::array<std::string_view, 2> subscription_state_words = {"active",
                                                                             "quarantined"};

struct Subscription {
  std::string id;
  std::string owner;  // A Party's name, or the Service Desk's.
  Audience audience{};
  std::string url;
  EventFilter filter;
  UnixMillis created;
  std::uint64_t key_generation = 0;

  EntryIndex cursor;                    // The next entry to look at.
  std::optional<EntryIndex> delivered;  // The last event that was delivered.
  SubscriptionState state{};
  std::uint64_t attempt = 0;  // Failed attempts for the event at the cursor.
  UnixMillis next_attempt_at;
  UnixMillis checkpoint_told;  // The interval whose checkpoint event was delivered last.
  std::uint64_t deliveries = 0;
  std::string last_failure;  // A sentence; empty after a success.
};

EventFilter read_filter(const Json& value, const std::string& pointer, FieldErrors& errors);
Json to_json(const EventFilter& filter);

Bytes encode(const Subscription& subscription);
Result<Subscription> decode_subscription(BytesView value);

}  // namespace cpl
