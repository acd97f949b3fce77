#include "registry/extract/difference.hpp"

#include "registry/extract/rows.hpp"

namespace cpl {
namespace {

// "ts_version: V4.1 -> V4.2; …", with the columns' own names.
std::string fields_that_differ(const ModelRecord& older, const ModelRecord& newer,
                               const ExtractCells& names) {
  const auto before = extract_cells(older);
  const auto after = extract_cells(newer);
  std::string text;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    text += (text.empty() ? "" : "; ") + names[i] + ": " +
            (before[i].empty() ? "none" : before[i]) + " -> " +
            (after[i].empty() ? "none" : after[i]);
  }
  return text;
}

}  // namespace

std::vector<Difference> differences(const Extract& older, const Extract& newer) {
  const ExtractCells names = extract_table_head(newer).back();
  std::map<ModelId, const ModelRecord*> before;
  for (const ModelRecord& record : older.models) before[record.model.id()] = &record;
  std::vector<Difference> found;
  for (const ModelRecord& record : newer.models) {
    const ModelId id = record.model.id();
    const auto old = before.find(id);
    if (old == before.end()) {
      found.push_back({"added", id, record.added, {}});
    }
    const bool is_removed = record.status == ModelStatus::removed;
    const bool was_removed = old != before.end() && old->second->status == ModelStatus::removed;
    if (is_removed && !was_removed) {
      found.push_back({"removed", id, record.changed_at, {}});
    } else if (!is_removed && was_removed) {
      found.push_back({"reinstated", id, record.changed_at, {}});
    } else if (old != before.end() && extract_cells(record) != extract_cells(*old->second)) {
      found.push_back({"changed", id, {}, fields_that_differ(*old->second, record, names)});
    }
    if (old != before.end()) before.erase(old);
  }
  for (const auto& [id, record] : before) found.push_back({"missing", id, record->changed_at, {}});
  return found;
}

}  // namespace cpl
