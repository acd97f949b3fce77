// What the readers and writers of several statement types share.
#pragma once

#include "registry/statement/statement.hpp"

namespace cpl::fields {

inline constexpr std::size_t ref_max = 100;
inline constexpr std::size_t body_max = 20;
inline constexpr std::size_t sentence_max = 8000;
inline constexpr std::size_t reason_max = 2000;
inline constexpr std::size_t models_max = 1000;

// What was malformed has been noted; what stands in for it is never used.
Date date_of(FieldReader& reader, std::string_view name);
ModelId model_of(FieldReader& reader, std::string_view name);
EntryIndex index_of(FieldReader& reader, std::string_view name);
// The name of a body or a meeting, or another reference that is compared: capital letters and
// digits of ASCII, in groups joined by "_". So no two of them look the same, and none has two
// spellings.
std::string plain_name_of(FieldReader& reader, std::string_view name, std::size_t size_max);

std::vector<ModelId> read_models(FieldReader& reader, std::string_view name = "models");
// None where there is no such member.
std::vector<ModelId> read_optional_models(FieldReader& reader, std::string_view name);
Json models_json(const std::vector<ModelId>& models);

}  // namespace cpl::fields
