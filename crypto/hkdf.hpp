// Keys out of a secret that is not evenly random, such as one that two keys agree on: HKDF with
// SHA-256 and no salt (RFC 5869), one block of 32 octets.
#pragma once

#include "crypto/bytes.hpp"

namespace cpl {

// `info` keeps apart what is made of the same secret for different ends.
Hash hkdf_sha256(BytesView secret, BytesView info);

}  // namespace cpl
