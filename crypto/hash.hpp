// SHA-256 and HMAC-SHA-256. SHA-256 is the only hash of the registry.
#pragma once

#include <initializer_list>

#include "crypto/bytes.hpp"

namespace cpl {

// Of the concatenation of the parts. Any thread.
Hash sha256(std::initializer_list<BytesView> parts);
inline Hash sha256(BytesView bytes) { return sha256({bytes}); }

Hash hmac_sha256(BytesView key, BytesView message);

// Compares secrets without telling by time where they differ.
bool equal_in_constant_time(BytesView a, BytesView b);

Bytes random_bytes(std::size_t count);  // From the operating system, fit for keys.

}  // namespace cpl
