#include "registry/list/record_fields.hpp"

#include <nlohmann/json.hpp>

namespace cpl::record_fields {

Json indices_json(const std::vector<EntryIndex>& indices) {
  Json list = Json::array();
  for (const EntryIndex index : indices) list.push_back(index.value);
  return list;
}

std::vector<EntryIndex> read_indices(FieldReader& reader, std::string_view name) {
  std::vector<EntryIndex> indices;
  for (const Json& item : reader.array(name, 0, list_max)) {
    if (item.is_number_unsigned()) {
      indices.push_back(EntryIndex{item.get<std::uint64_t>()});
    } else {
      reader.fail(name, "holds something that is not the number of an entry");
    }
  }
  return indices;
}

std::optional<EntryIndex> optional_index(FieldReader& reader, std::string_view name) {
  const auto value = reader.optional_integer(name, 0, json_integer_max);
  if (!value) return std::nullopt;
  return EntryIndex{*value};
}

EntryIndex index_of(FieldReader& reader, std::string_view name) {
  return EntryIndex{reader.integer(name, 0, json_integer_max)};
}

void put_index(Json& json, const char* name, const std::optional<EntryIndex>& index) {
  if (index) json[name] = index->value;
}

void put_disclosed(Json& json, const Text& text) {
  if (text.seal && text.is_known()) json["disclosed"] = text.words;
}
void read_disclosed(FieldReader& reader, Text& text) {
  if (reader.has("disclosed")) text.words = reader.text("disclosed", text_max, "\n");
}

Result<void> decode_object(BytesView value,
                           const std::function<void(FieldReader&, FieldErrors&)>& read) {
  auto json = parse_json(value);
  if (!json) return corrupt("a stored record is " + json.error().detail);
  FieldErrors errors;
  FieldReader reader(*json, "#", errors);
  read(reader, errors);
  reader.done();
  if (!errors.empty()) return corrupt("a stored record is wrong: " + describe(errors));
  return {};
}

}  // namespace cpl::record_fields
