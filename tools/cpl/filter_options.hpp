// The filter of a subscription as options of a command.
#pragma once

#include "notifier/event/event.hpp"
#include "registry/statement/statement.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/cli.hpp"

namespace cpl {

struct FilterOptions {
  std::vector<std::string> types;
  std::vector<std::string> manufacturers;
  std::vector<std::string> device_types;
  std::vector<std::string> models;
  std::vector<std::string> hardware;
  std::vector<std::string> classifications;

  bool empty() const {
    return types.empty() && manufacturers.empty() && device_types.empty() && models.empty() &&
           hardware.empty() && classifications.empty();
  }
};

// An event bears the registry's prefix before its type: "example.cpl.entry.removed.v1".
inline std::string drop_event_prefix(std::string& given) {
  for (const std::string_view kind : event_kind_words) {
    if (given.ends_with("." + std::string(kind))) given = kind;
  }
  return {};
}

inline void add_filter_options(CLI::App& command, FilterOptions& options) {
  const auto add = [&](const char* name, std::vector<std::string>& values, const char* what) {
    return command.add_option(name, values, what)->allow_extra_args(false);
  };
  choose_from(add("--event-type", options.types, "Only events of this type; repeatable"),
              event_kind_words)
      ->transform(CLI::Validator(&drop_event_prefix, "", "prefix"));
  add("--manufacturer", options.manufacturers, "Only of this manufacturer; repeatable");
  choose_from(add("--device-type", options.device_types, "Only of this device type; repeatable"),
              device_type_words);
  add("--model", options.models, "Only on this model; repeatable");
  add("--hardware", options.hardware,
      "Only on firmware of this hardware, such as ESME-1063-00050203, or of all of a type and "
      "manufacturer, ESME-1063; repeatable");
  choose_from(
      add("--classification", options.classifications,
          "Also advisories of this class, on restricted texts that you may read; repeatable; "
          "no preview and no stream has them"),
      classification_words);
}

inline Json to_json(const FilterOptions& options) {
  Json filter = Json::object();
  if (!options.types.empty()) filter["types"] = options.types;
  if (!options.manufacturers.empty()) filter["manufacturer_ids"] = options.manufacturers;
  if (!options.device_types.empty()) filter["device_types"] = options.device_types;
  if (!options.models.empty()) filter["models"] = options.models;
  if (!options.hardware.empty()) filter["hardware"] = options.hardware;
  if (!options.classifications.empty()) filter["classifications"] = options.classifications;
  return filter;
}

}  // namespace cpl
