// Every key that a charter of the log named: for what, and from which entry to which.
#pragma once

#include "registry/log/log_view.hpp"

namespace cpl {

struct KeyUse {
  std::string role;  // A role's word; "log" for the log's own that a charter vouches for.
  NoteVerifier key;
  EntryIndex from;               // The first charter that names it so, of a row of them.
  std::optional<EntryIndex> to;  // The charter that no longer does; nothing while it is in force.
};

// Of all charters, the newest `charters_max`. In the order in which they came into force.
struct KeyHistory {
  std::vector<KeyUse> uses;
  bool is_all = true;
};
Result<KeyHistory> key_history(const LogView& log, std::size_t charters_max);

}  // namespace cpl
