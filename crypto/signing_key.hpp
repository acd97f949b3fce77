// A private key wherever it is kept: in this process, or in a token that signs by itself, and that
// may refuse, be locked or be pulled out. What signs for people takes this and expects failure; the
// log's own key is always at hand and stays a PrivateKey, which cannot fail.
#pragma once

#include "crypto/keys.hpp"

namespace cpl {

class SigningKey {
 public:
  virtual ~SigningKey() = default;
  virtual const PublicKey& public_key() const = 0;
  // As PrivateKey::sign, or why there is no signature. Any thread.
  virtual Result<Bytes> sign(BytesView message) const = 0;
};

// A key in this process, for those who take either.
std::shared_ptr<const SigningKey> held_key(PrivateKey key);

}  // namespace cpl
