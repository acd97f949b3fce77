// What the readers and writers of stored records share. Used by those alone.
#pragma once

#include <functional>

#include "registry/base/json.hpp"
#include "registry/statement/statement_json.hpp"

namespace cpl::record_fields {

inline constexpr std::size_t list_max = 1'000'000;
inline constexpr std::size_t text_max = 8000;

Json indices_json(const std::vector<EntryIndex>& indices);
std::vector<EntryIndex> read_indices(FieldReader& reader, std::string_view name);
std::optional<EntryIndex> optional_index(FieldReader& reader, std::string_view name);
EntryIndex index_of(FieldReader& reader, std::string_view name);
void put_index(Json& json, const char* name, const std::optional<EntryIndex>& index);

// A text that a disclosure opened; in the statement itself it stays sealed.
void put_disclosed(Json& json, const Text& text);
void read_disclosed(FieldReader& reader, Text& text);

// A statement's body as it stands in a statement of its type.
template <class Body>
Body read_body(FieldReader& reader, std::string_view name, std::string_view type,
               FieldErrors& errors) {
  FieldReader inner(reader.object(name), reader.pointer_to(name), errors);
  auto body = read_statement_body(type, inner, errors);
  inner.done();
  return std::get<Body>(*std::move(body));
}

// Reads a stored object, all of it; what is wrong there makes it damaged.
Result<void> decode_object(BytesView value,
                           const std::function<void(FieldReader&, FieldErrors&)>& read);

template <class Record, class Read>
Result<Record> decode(BytesView value, Read read) {
  std::optional<Record> record;
  TRY_VOID(decode_object(
      value, [&](FieldReader& reader, FieldErrors& errors) { record = read(reader, errors); }));
  return *std::move(record);
}

}  // namespace cpl::record_fields
