#include "notifier/event/event_filter.hpp"

#include <nlohmann/json.hpp>

#include "registry/statement/statement.hpp"

namespace cpl {
namespace {

constexpr std::size_t filter_max = 1000;

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

}  // namespace

bool EventFilter::concerns(const std::vector<ModelId>& named) const {
  // What concerns no model concerns everybody.
  if (named.empty()) return true;
  return std::any_of(named.begin(), named.end(), [&](const ModelId& id) { return names(id); });
}

bool EventFilter::names(const ModelId& id) const {
  if (!wanted(manufacturer_ids, id.manufacturer_id()) || !wanted(device_types, id.device_type())) {
    return false;
  }
  if (hardware.empty()) return wanted(models, id);
  return std::find(models.begin(), models.end(), id) != models.end() ||
         std::any_of(hardware.begin(), hardware.end(),
                     [&](const HardwareTerm& term) { return term.covers(id); });
}

std::string EventFilter::terms_met(const Event& event) const {
  std::vector<std::string> terms;
  const auto meet = [&](std::string_view list, std::string_view term) {
    std::string text = std::string(list) + ":" + std::string(term);
    if (std::find(terms.begin(), terms.end(), text) == terms.end()) terms.push_back(text);
  };
  if (!kinds.empty()) meet("types", event.kind);
  for (const ModelId& id : event.models) {
    if (!names(id)) continue;
    if (!manufacturer_ids.empty()) meet("manufacturer_ids", id.manufacturer_id());
    if (!device_types.empty()) meet("device_types", to_string(id.device_type()));
    if (!models.empty() && wanted(models, id)) meet("models", id.text());
    for (const HardwareTerm& term : hardware) {
      if (term.covers(id)) meet("hardware", term.text());
    }
    if (terms.size() >= terms_told_max) break;
  }
  std::string text;
  for (std::size_t i = 0; i < terms.size() && i < terms_told_max; ++i) {
    text += (i == 0 ? "" : " ") + terms[i];
  }
  return text;
}

bool EventFilter::matches(const Event& event) const {
  return wanted(kinds, event.kind) && concerns(event.models);
}

bool EventFilter::wants_advisory(const std::string& classification,
                                 const std::vector<ModelId>& named) const {
  return !classifications.empty() && wanted(classifications, classification) && concerns(named);
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
  for (const std::string& text : read_texts(reader, "hardware")) {
    auto term = HardwareTerm::parse(text);
    if (term) {
      filter.hardware.push_back(*std::move(term));
    } else {
      reader.fail("hardware", term.error().detail);
    }
  }
  filter.classifications = read_texts(reader, "classifications");
  for (const std::string& word : filter.classifications) {
    if (std::find(classification_words.begin(), classification_words.end(), word) ==
        classification_words.end()) {
      reader.fail("classifications", "\"" + word + "\" is no classification");
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
  for (const HardwareTerm& term : filter.hardware) json["hardware"].push_back(term.text());
  if (!filter.classifications.empty()) json["classifications"] = filter.classifications;
  return json;
}

}  // namespace cpl
