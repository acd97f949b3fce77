// Signatures and points by the page. The forms of keys, and which of them are weak, are crypto's
// own (crypto/keys.cpp).
#include "crypto/keys.hpp"
#include "tools/verifier/host.hpp"

namespace cpl {

std::shared_ptr<EVP_PKEY> PublicKey::ed25519_handle(BytesView) { return nullptr; }

std::optional<std::shared_ptr<EVP_PKEY>> PublicKey::p256_handle(BytesView spki) {
  if (page_is_p256_key(spki.data(), spki.size()) != 1) return std::nullopt;
  return std::shared_ptr<EVP_PKEY>();
}

bool PublicKey::verify(BytesView message, BytesView signature) const {
  return page_verifies(static_cast<int>(algorithm_), encoded_.data(), encoded_.size(),
                       message.data(), message.size(), signature.data(), signature.size()) == 1;
}

}  // namespace cpl
