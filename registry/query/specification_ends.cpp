#include "registry/query/specification_ends.hpp"

namespace cpl {
namespace {

const SpecificationRow* row_of(const Specifications& table, const DeviceModel& model) {
  const SpecificationRow* any = nullptr;
  for (const SpecificationRow& row : table.rows) {
    if (row.ts_name != model.ts_name || row.ts_version != model.ts_version) continue;
    if (row.gbcs_version && row.gbcs_version == model.gbcs_version) return &row;
    if (!row.gbcs_version) any = &row;
  }
  return any;
}

}  // namespace

Result<std::vector<EndOfSpecification>> specification_ends(const List& list,
                                                           const DeviceModel& model) {
  std::vector<EndOfSpecification> ends;
  const auto record = TRY(work_of<SpecificationsRecord>(list, specifications_key()));
  const auto* row = record ? row_of(record->specifications, model) : nullptr;
  if (row == nullptr) return ends;
  const std::string name = row->ts_name + " " + row->ts_version +
                           (row->gbcs_version ? " with GBCS " + *row->gbcs_version : "");
  const auto add = [&](SpecificationEnd what, const std::optional<Date>& date) {
    if (date) ends.push_back({what, *date, name});
  };
  add(SpecificationEnd::installation, row->installation_end);
  add(SpecificationEnd::maintenance, row->maintenance_end);
  add(SpecificationEnd::applicability, row->applicability_end);
  std::stable_sort(ends.begin(), ends.end(),
                   [](const auto& a, const auto& b) { return a.date < b.date; });
  return ends;
}

}  // namespace cpl
