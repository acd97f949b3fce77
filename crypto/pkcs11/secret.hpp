// A secret in a file that is of no use without a token: sealed for a P-256 key whose private half
// is in the token and never leaves it. For services that start with a secret of their own.
#pragma once

#include "crypto/pkcs11/key.hpp"

namespace cpl {

// The file: these three lines and no more.
//   uri: pkcs11:<RFC 7512>          which key opens it; may be edited, as to name another
//   pin-source sender: <base64 of 65 octets>   the public key made for it, an uncompressed point
//   box: <base64>                   nonce, text and tag of AES-256-GCM
// Its key is HKDF-SHA256 of what the token's key and the sender's agree on (ECDH, the x
// coordinate); the sender's private half was thrown away.
struct TokenSecret {
  std::string uri;
  Bytes sender;
  Bytes box;

  // Nothing where it is a file of another form.
  static Result<std::optional<TokenSecret>> parse(std::string_view text);
  std::string to_text() const;
};

// Only once the token has opened it again, so that no file is made that turns out not to open.
Result<TokenSecret> seal_for_token(const std::string& uri, const AskPin& ask_pin, BytesView secret);
Result<Bytes> open_with_token(const TokenSecret& sealed, const AskPin& ask_pin);

}  // namespace cpl
