#include "registry/extract/reconcile.hpp"

#include <map>
#include <set>

#include "registry/base/csv.hpp"
#include "registry/list/firmware.hpp"

namespace cpl {
namespace {

// Of each hardware, the newest firmware that is listed.
std::map<std::string, const ModelRecord*> newest_by_hardware(const Extract& extract) {
  std::map<std::string, const ModelRecord*> newest;
  for (const ModelRecord& record : extract.models) {
    if (record.status != ModelStatus::listed) continue;
    const ModelRecord*& known = newest[hardware_of(record.model.id())];
    if (known == nullptr || is_newer_firmware(record, *known)) known = &record;
  }
  return newest;
}

const ModelRecord* find_record(const Extract& extract, const ModelId& id) {
  const auto found = std::lower_bound(
      extract.models.begin(), extract.models.end(), id,
      [](const ModelRecord& record, const ModelId& wanted) { return record.model.id() < wanted; });
  return found != extract.models.end() && found->model.id() == id ? &*found : nullptr;
}

std::string trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t'");
  if (from == text.npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t") + 1 - from));
}

// The header's column of that name, or the first in which a model's id stands.
std::optional<std::size_t> column_of(const CsvRow& row, std::string_view named) {
  for (std::size_t i = 0; i < row.fields.size(); ++i) {
    const bool is_it = named.empty() ? ModelId::parse(trimmed(row.fields[i])).has_value()
                                     : trimmed(row.fields[i]) == named;
    if (is_it) return i;
  }
  return std::nullopt;
}

}  // namespace

std::size_t Reconciliation::count(InventoryStanding standing) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(),
                    [&](const ReconciledRow& row) { return row.standing == standing; }));
}

Reconciliation reconcile(const Extract& extract, const std::vector<InventoryRow>& inventory) {
  Reconciliation result;
  std::set<std::string> seen;
  const auto newest = newest_by_hardware(extract);
  for (const InventoryRow& row : inventory) {
    const auto id = ModelId::parse(row.text);
    if (!seen.insert(id ? id->text() : row.text).second) continue;
    ReconciledRow one{row, InventoryStanding::not_a_model, nullptr, {}};
    if (id) {
      one.record = find_record(extract, *id);
      const bool is_listed = one.record != nullptr && one.record->status == ModelStatus::listed;
      one.standing = is_listed               ? InventoryStanding::listed
                     : one.record != nullptr ? InventoryStanding::removed
                                             : InventoryStanding::never_listed;
      const auto firmware = newest.find(hardware_of(*id));
      if (firmware != newest.end()) one.newest_firmware = firmware->second->model.id();
    }
    result.rows.push_back(std::move(one));
  }
  for (const ModelRecord& record : extract.models) {
    const bool is_there = seen.contains(record.model.id().text());
    if (record.status == ModelStatus::listed && !is_there) result.only_listed.push_back(&record);
  }
  return result;
}

Result<std::vector<InventoryRow>> read_inventory(BytesView file, std::string_view column) {
  CsvReader reader = TRY(CsvReader::open(file));
  std::optional<std::size_t> at;
  std::vector<InventoryRow> rows;
  std::optional<CsvRow> row = TRY(reader.next());
  if (row && !column.empty()) {
    at = column_of(*row, column);
    if (!at) {
      return malformed("column-unknown",
                       "the first row has no column \"" + std::string(column) + "\"");
    }
    row = TRY(reader.next());
  }
  while (row) {
    if (!at) at = column_of(*row, "");
    if (at) {
      std::string text = trimmed(row->fields[*at]);
      if (!text.empty()) rows.push_back({row->number, std::move(text)});
    }
    row = TRY(reader.next());
  }
  if (!rows.empty()) return rows;
  return malformed("models-missing",
                   "no model id stands in it, such as ESME-1063-00050203-38040404");
}

}  // namespace cpl
