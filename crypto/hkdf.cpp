#include "crypto/hkdf.hpp"

#include "crypto/hash.hpp"

namespace cpl {

Hash hkdf_sha256(BytesView secret, BytesView info) {
  const Hash no_salt{};
  const Hash extracted = hmac_sha256(no_salt.view(), secret);
  return hmac_sha256(extracted.view(), Bytes(info) + '\x01');
}

}  // namespace cpl
