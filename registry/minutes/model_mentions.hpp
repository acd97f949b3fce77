// The Device Models that words name, and what looks like a model's id and cannot be read as one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/statement/model.hpp"

namespace cpl {

struct ModelMention {
  std::size_t begin = 0;  // In the words.
  std::size_t end = 0;
  std::optional<ModelId> id;  // Absent if it only looks like one: a digit too many, a space inside.
};

// In tidied text (minutes_text.hpp). An id in lower case is that id.
std::vector<ModelMention> find_model_mentions(std::string_view words);

}  // namespace cpl
