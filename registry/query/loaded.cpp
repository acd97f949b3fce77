#include "registry/query/loaded.hpp"

namespace cpl {
namespace {

constexpr std::size_t skipped_max = 1000;  // Versions in a row that were never loaded.

// The first version from there on that was loaded.
Result<std::optional<LoadingRecord>> loaded_from(const StoredList& list, std::uint64_t version) {
  const std::string before = loading_key(version - 1).name;
  for (const WorkRecord& record : TRY(list.work_after(WorkKind::loading, before, skipped_max))) {
    const auto& loading = std::get<LoadingRecord>(record);
    if (loading.status() == LoadingStatus::loaded) return std::optional(loading);
  }
  return std::optional<LoadingRecord>();
}

}  // namespace

// A newer version that is loaded is never of a shorter log (rule 12): so one can look from the
// middle.
Result<std::optional<LoadedWith>> loaded_with(const StoredList& list, EntryIndex entry) {
  const auto newest = TRY(work_of<LoadedRecord>(list, loaded_key()));
  if (!newest || newest->log_size.value <= entry.value) return std::optional<LoadedWith>();
  std::uint64_t low = 1;
  std::uint64_t high = newest->version;
  while (low < high) {
    const auto found = TRY(loaded_from(list, low + (high - low) / 2));
    if (!found) return corrupt("the newest version that was loaded has no record");
    if (found->log_size.value > entry.value) {
      high = low + (high - low) / 2;
    } else {
      low = found->version + 1;
    }
  }
  const auto first = TRY(loaded_from(list, low));
  if (!first) return corrupt("the newest version that was loaded has no record");
  return std::optional(
      LoadedWith{first->version, first->steps.back().at, first->steps.back().entry});
}

}  // namespace cpl
