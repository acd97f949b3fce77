// The order of keys: how keys are made so that they sort as what they stand for does, and where the
// keys of one kind end. Numbers are big endian.
#pragma once

#include "crypto/bytes.hpp"

namespace cpl::keyspace {

Bytes entry(EntryIndex index);  // e <index>

// The first key that does not start with `prefix`.
Bytes end_of(BytesView prefix);
// The number at the end of a key.
std::uint64_t last_number(BytesView key);

}  // namespace cpl::keyspace
