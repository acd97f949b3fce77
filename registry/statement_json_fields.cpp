#include "registry/statement_json_fields.hpp"

#include <nlohmann/json.hpp>

namespace cpl::fields {

Date date_of(FieldReader& reader, std::string_view name) {
  return reader.date(name).value_or(*Date::parse("1970-01-01"));
}
ModelId model_of(FieldReader& reader, std::string_view name) {
  auto id = ModelId::parse(reader.text(name, ref_max));
  if (id) return *std::move(id);
  reader.fail(name, id.error().detail);
  return *ModelId::parse("ESME-0000-00000000-00000000");
}
EntryIndex index_of(FieldReader& reader, std::string_view name) {
  return EntryIndex{reader.integer(name, 0, json_integer_max)};
}

std::vector<ModelId> read_models(FieldReader& reader) {
  std::vector<ModelId> models;
  for (const Json& item : reader.array("models", 1, models_max)) {
    auto id = ModelId::parse(item.is_string() ? item.get<std::string>() : item.dump());
    if (!id) {
      reader.fail("models", id.error().detail);
    } else if (std::find(models.begin(), models.end(), *id) != models.end()) {
      reader.fail("models", id->text() + " stands twice");
    } else {
      models.push_back(*std::move(id));
    }
  }
  return models;
}

Json models_json(const std::vector<ModelId>& models) {
  Json list = Json::array();
  for (const ModelId& id : models) list.push_back(id.text());
  return list;
}

}  // namespace cpl::fields
