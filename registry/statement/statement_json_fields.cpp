#include "registry/statement/statement_json_fields.hpp"

#include <nlohmann/json.hpp>

namespace cpl::fields {
namespace {

bool is_plain_name(std::string_view text) {
  bool joined = true;  // Neither at the beginning nor after another does a "_" join anything.
  for (const char c : text) {
    const bool stands = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!stands && (c != '_' || joined)) return false;
    joined = !stands;
  }
  return !joined;
}

}  // namespace

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

std::string plain_name_of(FieldReader& reader, std::string_view name, std::size_t size_max) {
  std::string text = reader.text(name, size_max);
  if (!text.empty() && !is_plain_name(text)) {
    reader.fail(
        name,
        "must be capital letters from A to Z and digits, in groups joined by \"_\", such as "
        "SECP or SECP_30_1103");
  }
  return text;
}

std::vector<ModelId> read_optional_models(FieldReader& reader, std::string_view name) {
  if (!reader.has(name)) return {};
  return read_models(reader, name);
}

std::vector<ModelId> read_models(FieldReader& reader, std::string_view name) {
  std::vector<ModelId> models;
  for (const Json& item : reader.array(name, 1, models_max)) {
    auto id = ModelId::parse(item.is_string() ? item.get<std::string>() : item.dump());
    if (!id) {
      reader.fail(name, id.error().detail);
    } else if (std::find(models.begin(), models.end(), *id) != models.end()) {
      reader.fail(name, id->text() + " is there twice");
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
