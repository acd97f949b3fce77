// The order of keys: how keys are made so that they sort as what they stand for does, and where the
// keys of one kind end. Numbers are big endian.
#pragma once

#include "registry/store/kinds.hpp"

namespace cpl::keyspace {

// What all keys of the kind begin with.
Bytes first(Kind kind);
Bytes numbered(Kind kind, std::uint64_t number);
Bytes entry(EntryIndex index);  // e <index>

// The first key that is of no row of the kind, nor of one before.
Bytes end_of(Kind kind);

// The first key that does not start with `prefix`.
Bytes end_of(BytesView prefix);
// The number at the end of a key.
std::uint64_t last_number(BytesView key);

}  // namespace cpl::keyspace
