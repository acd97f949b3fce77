// Whether the DCC's systems know what the log says: by the Service Desk's word on the versions of
// the list that it loaded (F2.9).
#pragma once

#include "registry/log/stored_list.hpp"

namespace cpl {

struct LoadedWith {
  std::uint64_t version = 0;
  UnixMillis since;  // As the desk says.
  EntryIndex entry;  // Where it says so.
};

// The first loaded version that covers the entry; nothing where none does.
Result<std::optional<LoadedWith>> loaded_with(const StoredList& list, EntryIndex entry);

}  // namespace cpl
