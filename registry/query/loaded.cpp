#include "registry/query/loaded.hpp"

namespace cpl {
namespace {

// Nearly every version is loaded: few have to be read to find one.
constexpr std::size_t page_first = 2;
constexpr std::size_t page_max = 256;

// The first version from there on that was loaded.
Result<std::optional<LoadingRecord>> loaded_from(const StoredList& list, std::uint64_t version) {
  std::string after = loading_key(version - 1).name;
  std::size_t size = page_first;
  for (bool more = true; more; size = std::min(2 * size, page_max)) {
    const auto page = TRY(list.work_after(WorkKind::loading, after, size));
    for (const WorkRecord& record : page) {
      const auto& loading = std::get<LoadingRecord>(record);
      if (loading.status() == LoadingStatus::loaded) return std::optional(loading);
      after = key_of(record).name;
    }
    more = page.size() == size;
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
