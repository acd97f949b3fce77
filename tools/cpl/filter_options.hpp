// The filter of a subscription as options of a command.
#pragma once

#include "tools/cpl/cli.hpp"

namespace cpl {

struct FilterOptions {
  std::vector<std::string> types;
  std::vector<std::string> manufacturers;
  std::vector<std::string> device_types;
  std::vector<std::string> models;
  std::vector<std::string> classifications;

  bool empty() const {
    return types.empty() && manufacturers.empty() && device_types.empty() && models.empty() &&
           classifications.empty();
  }
};

inline void add_filter_options(CLI::App& command, FilterOptions& options) {
  command.add_option("--types", options.types, "Only these types of events");
  command.add_option("--manufacturer", options.manufacturers, "Only these manufacturers");
  command.add_option("--device-type", options.device_types, "Only these device types");
  command.add_option("--model", options.models, "Only these models");
  command.add_option("--classification", options.classifications,
                     "Also advisories of these classes, on restricted texts that you may read: "
                     "WHITE, GREEN, AMBER, RED; no preview and no stream has them");
}

inline Json to_json(const FilterOptions& options) {
  Json filter = Json::object();
  if (!options.types.empty()) filter["types"] = options.types;
  if (!options.manufacturers.empty()) filter["manufacturer_ids"] = options.manufacturers;
  if (!options.device_types.empty()) filter["device_types"] = options.device_types;
  if (!options.models.empty()) filter["models"] = options.models;
  if (!options.classifications.empty()) filter["classifications"] = options.classifications;
  return filter;
}

}  // namespace cpl
