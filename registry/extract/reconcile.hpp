// Somebody's own inventory of models against the complete list, both ways.
#pragma once

#include <span>

#include "registry/extract/extract.hpp"
#include "registry/list/certificate_cover.hpp"

namespace cpl {

// A row of an inventory in which a model stands, or should.
struct InventoryRow {
  std::size_t number = 0;  // As a spreadsheet counts.
  std::string text;        // As it stands there.
};

enum class InventoryStanding : std::uint8_t { listed, removed, never_listed, not_a_model };
inline constexpr std::array<std::string_view, 4> inventory_standing_words = {
    "listed", "removed", "never-listed", "not-a-model"};
template <>
struct Words<InventoryStanding> {
  static constexpr const auto& list = inventory_standing_words;
};

struct ReconciledRow {
  InventoryRow row;
  InventoryStanding standing{};
  const ModelRecord* record = nullptr;     // Of the extract; null where the model is not in it.
  std::optional<ModelId> newest_firmware;  // Listed, of the same hardware.
};

struct Reconciliation {
  std::vector<ReconciledRow> rows;              // In the inventory's order, doubles left out.
  std::vector<const ModelRecord*> only_listed;  // On the list, and not in the inventory.

  std::size_t count(InventoryStanding standing) const;
};

// What it holds points into the extract.
Reconciliation reconcile(const Extract& extract, const std::vector<InventoryRow>& inventory);

// The models of a list as people keep one: a CSV file with a column of model ids (the one named, or
// the first in which an id stands), or ids by lines. Errors: `column-unknown`, `models-missing`.
Result<std::vector<InventoryRow>> read_inventory(BytesView file, std::string_view column);

}  // namespace cpl
