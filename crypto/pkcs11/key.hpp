// Private keys in PKCS#11 tokens: smart cards, USB keys, HSMs, SoftHSM. A token signs by itself, so
// that the key never leaves it. Keys are named by RFC 7512 URIs and used through PKCS#11 itself:
// OpenSSL's engine for it finds no key at all in a token that also holds an Ed25519 one.
#pragma once

#include <functional>
#include <vector>

#include "crypto/pkcs11/pin.hpp"
#include "crypto/signing_key.hpp"

namespace cpl {

struct PinRequest {
  std::string token;   // Its label in quotation marks.
  std::string source;  // The URI's pin-source; empty if it has none.
  std::string tries;   // A warning of the token's about wrong tries; empty if it has none.
};

// Asked only where the token wants a PIN, and has no keypad of its own. Once at the opening; for a
// key that wants it each time (CKA_ALWAYS_AUTHENTICATE), before each signature too.
using AskPin = std::function<Result<Secret>(const PinRequest&)>;

// The one private key that the URI names: ECDSA P-256 or Ed25519, with its public key in the token.
// Each signature is verified before it is given out.
Result<std::shared_ptr<const SigningKey>> open_token_key(const std::string& uri, AskPin ask_pin);

struct TokenDescription {
  std::string name;
  std::string uri;
};

// The tokens that the URI fits. Needs no PIN.
Result<std::vector<TokenDescription>> list_tokens(const std::string& uri);

struct TokenKeyDescription {
  std::string uri;
  std::string label;
  std::string kind;  // "ECDSA P-256", "Ed25519", or why it cannot be used here.
  bool usable = false;
};

// Every private key that the URI fits, in the one token that it fits.
Result<std::vector<TokenKeyDescription>> list_token_keys(const std::string& uri,
                                                         const AskPin& ask_pin);

}  // namespace cpl
