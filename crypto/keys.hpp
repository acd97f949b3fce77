// Signing keys: Ed25519 (RFC 8032) for the registry's own people and machines, ECDSA P-256 with
// SHA-256 so that keys from the smart metering PKI serve too. Values are immutable and cheap to
// copy.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

// OpenSSL's EVP_PKEY, named here so that no OpenSSL header leaves crypto/.
using EVP_PKEY = struct evp_pkey_st;

namespace cpl {

enum class KeyAlgorithm : std::uint8_t { ed25519, ecdsa_p256 };

// Public keys read and signatures checked by this thread so far: what is dear about a request. So
// that a test can hold what a stranger may cost against a bound.
std::uint64_t public_key_operations();
void count_public_key_operation();

class PublicKey {
 public:
  static Result<PublicKey> from_ed25519(BytesView raw);  // 32 octets.
  // SubjectPublicKeyInfo DER of a P-256 key in its one canonical encoding.
  static Result<PublicKey> from_spki(BytesView der);

  KeyAlgorithm algorithm() const { return algorithm_; }
  // As it stands in note key strings: the 32 raw octets, or the SubjectPublicKeyInfo DER.
  const Bytes& encoded() const { return encoded_; }
  std::string to_pem() const;

  // Total: a malformed signature is just a signature that does not verify. Any thread.
  // ECDSA signatures are ASN.1 DER.
  bool verify(BytesView message, BytesView signature) const;

  // For what else signs with OpenSSL inside crypto/: X.509 and CMS.
  EVP_PKEY* handle() const { return key_.get(); }

  bool operator==(const PublicKey& other) const {
    return algorithm_ == other.algorithm_ && encoded_ == other.encoded_;
  }

 private:
  friend class PrivateKey;
  PublicKey(KeyAlgorithm algorithm, Bytes encoded, std::shared_ptr<EVP_PKEY> key);

  // These and `verify` are OpenSSL's in programs (keys_openssl.cpp) and the browser's in its
  // verifier, where there is no handle. Of octets whose form was checked.
  static std::shared_ptr<EVP_PKEY> ed25519_handle(BytesView raw);
  // Nothing where the point is not on the curve.
  static std::optional<std::shared_ptr<EVP_PKEY>> p256_handle(BytesView spki);

  KeyAlgorithm algorithm_;
  Bytes encoded_;
  std::shared_ptr<EVP_PKEY> key_;
};

// Whether what is in a key's file needs a pass phrase.
bool is_locked_pem(std::string_view text);

class PrivateKey {
 public:
  static PrivateKey generate(KeyAlgorithm algorithm);
  static Result<PrivateKey> from_ed25519_seed(BytesView seed);  // 32 octets.
  // PKCS#8 PEM, unencrypted; text before the BEGIN line is skipped.
  // With a pass phrase where it is locked by one: errors `key-locked`, `pass-phrase-wrong`.
  static Result<PrivateKey> from_pem(std::string_view pem, BytesView pass_phrase = {});

  // Secret. With a pass phrase it is PKCS#8 under PBES2: scrypt (RFC 7914) and AES-256-CBC.
  std::string to_pem(BytesView pass_phrase = {}) const;
  const PublicKey& public_key() const { return public_key_; }
  EVP_PKEY* handle() const { return key_.get(); }  // As above.
  // Ed25519: 64 octets, the same each time. ECDSA: DER, different each time.
  Bytes sign(BytesView message) const;

 private:
  explicit PrivateKey(std::shared_ptr<EVP_PKEY> key, PublicKey public_key);
  static Result<PrivateKey> from_handle(std::shared_ptr<EVP_PKEY> key);

  std::shared_ptr<EVP_PKEY> key_;
  PublicKey public_key_;
};

}  // namespace cpl
