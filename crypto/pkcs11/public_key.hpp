// The public key that belongs to a private key in a token. For crypto/token_*.cpp.
#pragma once

#include "crypto/pkcs11/session.hpp"

namespace cpl {

// Refuses a key that is neither ECDSA P-256 nor Ed25519, and one whose public half is not there.
Result<PublicKey> token_public_key(const TokenSession& session, CK_OBJECT_HANDLE private_key);

}  // namespace cpl
