// Entries by what they are, who signed them and when.
#pragma once

#include "registry/log/log_view.hpp"

namespace cpl {

struct EntryFilter {
  std::string type;       // Empty: of any.
  std::string signed_by;  // The name of a key of the charter then in force; empty: by anybody.
  std::optional<UnixMillis> since;
  std::optional<UnixMillis> until;

  bool is_empty() const { return type.empty() && signed_by.empty() && !since && !until; }
};

struct FoundEntries {
  std::vector<EntryIndex> entries;
  std::optional<EntryIndex> next;  // From there it goes on.
};

// From entry `from` on; it looks at no more than a bound, however few it finds.
Result<FoundEntries> find_entries(const LogView& log, const EntryFilter& filter, EntryIndex from,
                                  std::size_t count_max);

// The third line of the entry's statement, without reading the rest of it.
std::string_view statement_type_of(const Entry& entry);

// The first entry of that time or later; the log's size where there is none.
Result<EntryIndex> first_entry_since(const LogView& log, UnixMillis time);

}  // namespace cpl
