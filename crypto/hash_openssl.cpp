#include "crypto/hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <memory>

#include "crypto/result.hpp"

namespace cpl {
namespace {

using Digest = std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

// OpenSSL 3.0 looks an algorithm up at each one-shot call, which costs more than hashing a tree
// node: fetch once per process, keep one context per thread.
const EVP_MD* sha256_digest() {
  static const Digest digest(EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
  check(digest != nullptr);
  return digest.get();
}

}  // namespace

Hash sha256(std::initializer_list<BytesView> parts) {
  thread_local const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  check(context != nullptr);
  check(EVP_DigestInit_ex2(context.get(), sha256_digest(), nullptr) == 1);
  for (const BytesView part : parts) {
    check(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  }
  Hash hash;
  check(EVP_DigestFinal_ex(context.get(), hash.octets.data(), nullptr) == 1);
  return hash;
}

Hash hmac_sha256(BytesView key, BytesView message) {
  // To OpenSSL a null pointer is not an empty string.
  if (key.data() == nullptr) key = "";
  if (message.data() == nullptr) message = "";
  Hash mac;
  check(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets_of(message),
             message.size(), mac.octets.data(), nullptr) != nullptr);
  return mac;
}

bool equal_in_constant_time(BytesView a, BytesView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count, '\0');
  check(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) == 1);
  return bytes;
}

}  // namespace cpl
