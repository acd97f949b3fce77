// Where the PIN of a token comes from: the file that the URI's pin-source names, else CPL_PIN, else
// the terminal. Never from the command line, where every process of the machine can read it.
#pragma once

#include "crypto/pkcs11/key.hpp"

namespace cpl {

Result<Secret> find_pin(const PinRequest& request);

}  // namespace cpl
