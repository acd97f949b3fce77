// What became of each model between two versions of the extract.
#pragma once

#include "registry/extract/extract.hpp"

namespace cpl {

struct Difference {
  std::string_view what;  // added, removed, reinstated or changed; missing should never be.
  ModelId model;
  std::optional<EntryIndex> entry;  // Where the extract says which.
  std::string fields;               // What differs, of one that changed.
};

// By rising model id, those that are missing last.
std::vector<Difference> differences(const Extract& older, const Extract& newer);

}  // namespace cpl
