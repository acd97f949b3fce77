#include "notifier/subscription.hpp"

#include <nlohmann/json.hpp>

namespace cpl {
namespace {

constexpr std::size_t filter_max = 1000;
constexpr std::size_t url_size_max = 2048;

std::vector<std::string> read_texts(FieldReader& reader, std::string_view name) {
  std::vector<std::string> texts;
  if (!reader.has(name)) return texts;
  for (const Json& item : reader.array(name, 1, filter_max)) {
    if (item.is_string() && item.get_ref<const std::string&>().size() <= 100) {
      texts.push_back(item.get<std::string>());
    } else {
      reader.fail(name, "must hold short texts");
    }
  }
  return texts;
}

template <class Items, class Item>
bool wanted(const Items& items, const Item& item) {
  return items.empty() || std::find(items.begin(), items.end(), item) != items.end();
}

Json optional_index(const std::optional<EntryIndex>& index) {
  return index ? Json(index->value) : Json(nullptr);
}

}  // namespace

bool EventFilter::matches(const Event& event) const {
  if (!wanted(kinds, event.kind)) return false;
  // What concerns no model concerns everybody.
  if (event.models.empty()) return true;
  return std::any_of(event.models.begin(), event.models.end(), [&](const ModelId& id) {
    return wanted(manufacturer_ids, id.manufacturer_id()) &&
           wanted(device_types, id.device_type()) && wanted(models, id);
  });
}

EventFilter read_filter(const Json& value, const std::string& pointer, FieldErrors& errors) {
  FieldReader reader(value, pointer, errors);
  EventFilter filter;
  filter.kinds = read_texts(reader, "types");
  for (const std::string& kind : filter.kinds) {
    if (std::find(event_kind_words.begin(), event_kind_words.end(), kind) ==
        event_kind_words.end()) {
      reader.fail("types", "\"" + kind + "\" is no type of event");
    }
  }
  filter.manufacturer_ids = read_texts(reader, "manufacturer_ids");
  for (const std::string& word : read_texts(reader, "device_types")) {
    if (const auto type = device_type_of(word)) {
      filter.device_types.push_back(*type);
    } else {
      reader.fail("device_types", "\"" + word + "\" is no device type");
    }
  }
  for (const std::string& text : read_texts(reader, "models")) {
    auto id = ModelId::parse(text);
    if (id) {
      filter.models.push_back(*std::move(id));
    } else {
      reader.fail("models", id.error().detail);
    }
  }
  reader.done();
  return filter;
}

Json to_json(const EventFilter& filter) {
  Json json = Json::object();
  if (!filter.kinds.empty()) json["types"] = filter.kinds;
  if (!filter.manufacturer_ids.empty()) json["manufacturer_ids"] = filter.manufacturer_ids;
  for (const DeviceType type : filter.device_types) {
    json["device_types"].push_back(to_string(type));
  }
  for (const ModelId& id : filter.models) json["models"].push_back(id.text());
  return json;
}

Bytes encode(const Subscription& subscription) {
  Json json = {{"id", subscription.id},
               {"owner", subscription.owner},
               {"audience", audience_words[static_cast<std::size_t>(subscription.audience)]},
               {"url", subscription.url},
               {"filter", to_json(subscription.filter)},
               {"created", subscription.created.value},
               {"key_generation", subscription.key_generation},
               {"cursor", subscription.cursor.value},
               {"state", subscription_state_words[static_cast<std::size_t>(subscription.state)]},
               {"attempt", subscription.attempt},
               {"next_attempt_at", subscription.next_attempt_at.value},
               {"checkpoint_told", subscription.checkpoint_told.value},
               {"deliveries", subscription.deliveries}};
  if (subscription.delivered) json["delivered"] = optional_index(subscription.delivered);
  if (!subscription.last_failure.empty()) json["last_failure"] = subscription.last_failure;
  return canonical_json(json);
}

Result<Subscription> decode_subscription(BytesView value) {
  const Json json = TRY(parse_json(value));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  Subscription row;
  row.id = reader.text("id", 64);
  row.owner = reader.text("owner", 100);
  row.audience = static_cast<Audience>(reader.word("audience", audience_words));
  row.url = reader.text("url", url_size_max);
  row.filter = read_filter(reader.object("filter"), "#/filter", errors);
  row.created = UnixMillis{reader.integer("created", 0, json_integer_max)};
  row.key_generation = reader.integer("key_generation", 0, json_integer_max);
  row.cursor = EntryIndex{reader.integer("cursor", 0, json_integer_max)};
  row.state = static_cast<SubscriptionState>(reader.word("state", subscription_state_words));
  row.attempt = reader.integer("attempt", 0, json_integer_max);
  row.next_attempt_at = UnixMillis{reader.integer("next_attempt_at", 0, json_integer_max)};
  row.deliveries = reader.integer("deliveries", 0, json_integer_max);
  // A row from before checkpoints were told has none.
  row.checkpoint_told =
      UnixMillis{reader.optional_integer("checkpoint_told", 0, json_integer_max).value_or(0)};
  if (const auto index = reader.optional_integer("delivered", 0, json_integer_max)) {
    row.delivered = EntryIndex{*index};
  }
  row.last_failure = reader.optional_text("last_failure", 1000).value_or("");
  reader.done();
  if (!errors.empty()) return corrupt("a stored subscription is wrong: " + describe(errors));
  return row;
}

}  // namespace cpl
