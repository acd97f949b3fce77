// Where the pass phrase of a key comes from: CPL_PASS_PHRASE, else the terminal. Never from the
// command line, where every process of the machine can read it.
#pragma once

#include <string>

#include "crypto/pkcs11/pin.hpp"
#include "crypto/result.hpp"

namespace cpl {

// Of the key of that name.
Result<Secret> find_pass_phrase(const std::string& key_name);
// For a key that is to be locked: whoever types it types it twice.
Result<Secret> choose_pass_phrase(const std::string& key_name);

}  // namespace cpl
