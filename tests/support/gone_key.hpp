// A key in a token that was pulled out: it is known, and gives no signature.
#pragma once

#include "crypto/signing_key.hpp"

namespace cpl::testing {

class GoneKey final : public SigningKey {
 public:
  explicit GoneKey(KeyAlgorithm algorithm) : key_(PrivateKey::generate(algorithm)) {}
  const PublicKey& public_key() const override { return key_.public_key(); }
  Result<Bytes> sign(BytesView) const override {
    return Error{Errc::unavailable, "token-removed", "gone"};
  }

 private:
  const PrivateKey key_;
};

}  // namespace cpl::testing
