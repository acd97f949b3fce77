#include "crypto/pkcs11/key.hpp"

#include <openssl/ec.h>

#include "crypto/der.hpp"
#include "crypto/hash.hpp"
#include "crypto/mutex.hpp"
#include "crypto/pkcs11/find.hpp"
#include "crypto/pkcs11/public_key.hpp"

namespace cpl {
namespace {

constexpr std::size_t p256_signature_size = 64;

// CKM_ECDSA gives r and s, 32 octets each; notes carry the DER of both. Empty if it is no such
// pair.
Bytes ecdsa_der(BytesView raw) {
  if (raw.size() != p256_signature_size) return {};
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(ECDSA_SIG_new(),
                                                                   &ECDSA_SIG_free);
  constexpr int half = p256_signature_size / 2;
  check(pair != nullptr && ECDSA_SIG_set0(pair.get(), BN_bin2bn(octets_of(raw), half, nullptr),
                                          BN_bin2bn(octets_of(raw) + half, half, nullptr)) == 1);
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(pair.get(), &der);
  return taken(der, length);
}

class TokenKey final : public SigningKey {
 public:
  TokenKey(std::unique_ptr<TokenSession> session, CK_OBJECT_HANDLE key, PublicKey public_key)
      : session_(std::move(session)), key_(key), public_key_(std::move(public_key)) {}

  const PublicKey& public_key() const override { return public_key_; }
  Result<Bytes> sign(BytesView message) const override;

 private:
  Result<Bytes> sign_by_token(BytesView message) const;

  mutable Mutex mutex_;
  const std::unique_ptr<TokenSession> session_ PT_GUARDED_BY(mutex_);
  const CK_OBJECT_HANDLE key_;
  const PublicKey public_key_;
};

Result<Bytes> TokenKey::sign_by_token(BytesView message) const {
  const Lock lock(mutex_);
  if (public_key_.algorithm() == KeyAlgorithm::ed25519) {
    return session_->sign(key_, CKM_EDDSA, message);
  }
  return ecdsa_der(TRY(session_->sign(key_, CKM_ECDSA, sha256(message).view())));
}

Result<Bytes> TokenKey::sign(BytesView message) const {
  Bytes signature = TRY(sign_by_token(message));
  if (!public_key_.verify(message, signature)) {
    const Lock lock(mutex_);
    return Error{Errc::unavailable, "token-signature-wrong",
                 "what the token " + session_->token().name() +
                     " signed does not verify with the public key in it: the two do not belong "
                     "together, or the token is broken"};
  }
  return signature;
}

}  // namespace

Result<std::shared_ptr<const SigningKey>> open_token_key(const std::string& uri, AskPin ask_pin) {
  TokenUri parsed = TRY(TokenUri::parse(uri));
  auto session = TRY(TokenSession::open(std::move(parsed), std::move(ask_pin)));
  const FoundKey key = TRY(find_token_key(*session));
  PublicKey public_key = TRY(token_public_key(*session, key.handle));
  if (!session->flag(key.handle, CKA_SIGN).value_or(true)) {
    return Error{Errc::unauthorized, "token-key-cannot-sign",
                 "the token " + session->token().name() + " does not let this key sign"};
  }
  return std::make_shared<const TokenKey>(std::move(session), key.handle, std::move(public_key));
}

Result<std::vector<TokenDescription>> list_tokens(const std::string& uri) {
  const TokenUri parsed = TRY(TokenUri::parse(uri));
  const TokenModules modules = TRY(load_modules(parsed));
  std::vector<TokenDescription> listed;
  for (const TokenSlot& token : find_tokens(modules, parsed)) {
    listed.push_back({token.name(), parsed.of_token(token.info)});
  }
  return listed;
}

Result<std::vector<TokenKeyDescription>> list_token_keys(const std::string& uri,
                                                         const AskPin& ask_pin) {
  TokenUri parsed = TRY(TokenUri::parse(uri));
  const auto session = TRY(TokenSession::open(std::move(parsed), ask_pin));
  std::vector<TokenKeyDescription> listed;
  for (const FoundKey& key : TRY(find_token_keys(*session))) {
    TokenKeyDescription described{key.uri, key.label, "", true};
    const auto public_key = token_public_key(*session, key.handle);
    if (!public_key) {
      described.kind = public_key.error().detail;
      described.usable = false;
    } else {
      described.kind = public_key->algorithm() == KeyAlgorithm::ed25519 ? "Ed25519" : "ECDSA P-256";
    }
    listed.push_back(std::move(described));
  }
  std::sort(listed.begin(), listed.end(),
            [](const auto& a, const auto& b) { return a.label < b.label; });
  return listed;
}

}  // namespace cpl
