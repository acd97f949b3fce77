// The entry: the log's leaf, a statement with the place, the time and the state root that the
// sequencer gave it.
//
//   cpl/entry/v1 LF <index> LF <time, RFC 3339 UTC, milliseconds> LF
//   <base64 of the state root after this entry> LF LF <the statement's signed note, verbatim>
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"
#include "registry/base/time.hpp"

namespace cpl {

inline constexpr std::size_t entry_size_max = 65'535;

struct Entry {
  EntryIndex index;
  UnixMillis time;
  Hash state_root;
  Bytes statement;  // The note's octets, as submitted.
};

Bytes format_entry(const Entry& entry);
Result<Entry> parse_entry(BytesView leaf);

}  // namespace cpl
