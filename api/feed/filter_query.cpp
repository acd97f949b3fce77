#include "api/feed/filter_query.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t items_max = 1000;
constexpr std::string_view manufacturer_id_form =
    "manufacturer's id: that is 4 upper-case hexadecimal digits, such as 9A01";

Result<std::vector<std::string>> read_list(const HttpRequest& request, std::string_view name) {
  std::vector<std::string> items;
  const auto given = request.parameter(name);
  if (!given) return items;
  for (std::string_view text = *given;;) {
    const auto comma = std::min(text.find(','), text.size());
    items.emplace_back(text.substr(0, comma));
    if (comma == text.size()) break;
    text.remove_prefix(comma + 1);
  }
  if (items.size() > items_max) {
    return malformed("parameter-malformed", std::string(name) + " holds more than 1000 items");
  }
  return items;
}

Error no_such(std::string_view name, const std::string& item, std::string_view what) {
  return malformed("parameter-malformed", std::string(name) + ": \"" +
                                              std::string(utf8_prefix(item, 64)) + "\" is no " +
                                              std::string(what));
}

std::string one_of(std::span<const std::string_view> words) {
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

void append_list(std::string& query, std::string_view name, const std::vector<std::string>& items) {
  if (items.empty()) return;
  if (!query.empty()) query += '&';
  query.append(name).append("=");
  for (std::size_t i = 0; i < items.size(); ++i) {
    query += (i == 0 ? "" : ",") + percent_encode(items[i]);
  }
}

}  // namespace

Result<EventFilter> read_filter_query(const HttpRequest& request, const std::string& type_prefix) {
  EventFilter filter;
  for (const std::string& type : TRY(read_list(request, "types"))) {
    const bool prefixed = type.starts_with(type_prefix + ".");
    const std::string kind = prefixed ? type.substr(type_prefix.size() + 1) : type;
    if (std::find(event_kind_words.begin(), event_kind_words.end(), kind) ==
        event_kind_words.end()) {
      return no_such("types", type, "type of event: those are " + one_of(event_kind_words));
    }
    filter.kinds.push_back(kind);
  }
  filter.manufacturer_ids = TRY(read_list(request, "manufacturer_ids"));
  for (const std::string& id : filter.manufacturer_ids) {
    if (!is_manufacturer_id(id)) return no_such("manufacturer_ids", id, manufacturer_id_form);
  }
  for (const std::string& word : TRY(read_list(request, "device_types"))) {
    const auto type = device_type_of(word);
    if (!type) {
      return no_such("device_types", word, "device type: those are " + one_of(device_type_words));
    }
    filter.device_types.push_back(*type);
  }
  for (const std::string& text : TRY(read_list(request, "models"))) {
    auto id = ModelId::parse(text);
    if (!id) return malformed("parameter-malformed", "models: " + id.error().detail);
    filter.models.push_back(*std::move(id));
  }
  for (const std::string& text : TRY(read_list(request, "hardware"))) {
    auto term = HardwareTerm::parse(text);
    if (!term) return malformed("parameter-malformed", "hardware: " + term.error().detail);
    filter.hardware.push_back(*std::move(term));
  }
  return filter;
}

EventFilter read_wished_filter(const Json& value, const std::string& pointer, FieldErrors& errors) {
  EventFilter filter = read_filter(value, pointer, errors);
  for (const std::string& id : filter.manufacturer_ids) {
    if (is_manufacturer_id(id)) continue;
    errors.push_back({pointer + "/manufacturer_ids",
                      "\"" + id + "\" is no " + std::string(manufacturer_id_form)});
  }
  return filter;
}

std::string filter_query(const EventFilter& filter) {
  std::vector<std::string> device_types;
  for (const DeviceType type : filter.device_types) device_types.push_back(to_string(type));
  std::vector<std::string> models;
  for (const ModelId& id : filter.models) models.push_back(id.text());
  std::string query;
  append_list(query, "types", filter.kinds);
  append_list(query, "manufacturer_ids", filter.manufacturer_ids);
  append_list(query, "device_types", device_types);
  append_list(query, "models", models);
  std::vector<std::string> hardware;
  for (const HardwareTerm& term : filter.hardware) hardware.push_back(term.text());
  append_list(query, "hardware", hardware);
  return query;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view plain = "-._~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || (c >= '0' && c <= '9') || plain.find(c) != plain.npos) {
      out += c;
    } else {
      out += '%';
      out += digits[octet >> 4U];
      out += digits[octet & 0xfU];
    }
  }
  return out;
}

}  // namespace cpl
