// A P-256 key in a token that agrees with others' keys on secrets (ECDH, PKCS#11's
// CKM_ECDH1_DERIVE). For crypto/token_*.cpp.
#pragma once

#include "crypto/pkcs11/session.hpp"

namespace cpl {

inline constexpr std::size_t agreed_size = 32;  // Of an x coordinate of P-256.

class TokenAgreement {
 public:
  // Refuses a key of another kind, and one that the token does not let agree (CKA_DERIVE).
  static Result<TokenAgreement> open(const std::string& uri, const AskPin& ask_pin);

  const PublicKey& public_key() const { return public_key_; }
  std::string name() const { return session_->token().name(); }
  // The x coordinate. `point` is the other public key, uncompressed.
  Result<Bytes> agree(BytesView point) const;

 private:
  TokenAgreement(std::unique_ptr<TokenSession> session, CK_OBJECT_HANDLE key, PublicKey public_key)
      : session_(std::move(session)), key_(key), public_key_(std::move(public_key)) {}

  std::unique_ptr<TokenSession> session_;
  CK_OBJECT_HANDLE key_;
  PublicKey public_key_;
};

// The uncompressed point of a P-256 key, 65 octets: the end of its SubjectPublicKeyInfo.
Bytes p256_point(const PublicKey& key);

}  // namespace cpl
