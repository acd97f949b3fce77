// Where keys lie in memory: in pages that are never written to a swap file or a core dump.
#pragma once

#include "crypto/bytes.hpp"

namespace cpl {

// Before the first key: from here on OpenSSL keeps private keys in locked pages of their own. False
// where the system does not let this process lock so much (RLIMIT_MEMLOCK).
bool lock_private_keys();

// The octets of a secret that stays where it is until the process ends.
bool lock_in_memory(BytesView secret);

// Overwrites what a key was read from.
void wipe(Bytes& secret);

}  // namespace cpl
