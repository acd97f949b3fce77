// Who signed an entry, and how many of whom it took.
#pragma once

#include "registry/log/log_view.hpp"
#include "registry/rules/signers.hpp"

namespace cpl {

struct EntrySigners {
  std::vector<std::string> names;  // Of the keys of the charter then in force, in its order.
  Role role{};                     // Whose keys it took.
  std::uint64_t needed = 0;        // That many different ones of them,
  std::uint64_t of = 0;            // of that many.
  EntryIndex charter;              // That says so: of the first, the entry itself.
};

// Anybody may put a line under any name below a statement: those that are no key's do not count. An
// error where the charter then in force cannot be read: then nobody can tell.
Result<EntrySigners> entry_signers(const LogView& log, EntryIndex entry, const Note& note,
                                   const Statement& statement);

// An entry with what can be read of it.
struct ReadEntry {
  Entry entry;
  Note note;
  Statement statement;
};
Result<ReadEntry> read_entry(const LogView& log, EntryIndex index);

}  // namespace cpl
