// What a token's return values mean to the person before it. For crypto/token_*.cpp.
#pragma once

#include <p11-kit/pkcs11.h>

#include <string>

#include "crypto/result.hpp"

namespace cpl {

// `doing` completes "the token NAME failed while …".
Error token_error(CK_RV returned, const std::string& token, std::string_view doing);

// The same after a login; `flags` are the token's as they are now.
Error login_error(CK_RV returned, const std::string& token, CK_FLAGS flags);

// The same where a key was to agree on a secret.
Error agreement_error(CK_RV returned, const std::string& token);

// How the tries for the PIN stand, as far as the token tells; empty where it tells nothing.
std::string tries_text(CK_FLAGS flags);

}  // namespace cpl
