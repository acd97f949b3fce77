#include "crypto/pkcs11/agreement.hpp"

#include "crypto/pkcs11/find.hpp"
#include "crypto/pkcs11/public_key.hpp"

namespace cpl {
namespace {

constexpr std::size_t point_size = 65;

}  // namespace

Bytes p256_point(const PublicKey& key) {
  const Bytes& encoded = key.encoded();
  check(key.algorithm() == KeyAlgorithm::ecdsa_p256 && encoded.size() > point_size);
  return encoded.substr(encoded.size() - point_size);
}

Result<TokenAgreement> TokenAgreement::open(const std::string& uri, const AskPin& ask_pin) {
  TokenUri parsed = TRY(TokenUri::parse(uri));
  auto session = TRY(TokenSession::open(std::move(parsed), ask_pin));
  const FoundKey key = TRY(find_token_key(*session));
  PublicKey public_key = TRY(token_public_key(*session, key.handle));
  if (public_key.algorithm() != KeyAlgorithm::ecdsa_p256 ||
      !session->flag(key.handle, CKA_DERIVE).value_or(true)) {
    return Error{Errc::unauthorized, "token-key-cannot-derive",
                 "this key of the token " + session->token().name() +
                     " cannot open secrets: that takes a P-256 key that may derive (CKA_DERIVE; "
                     "pkcs11-tool --keypairgen --key-type EC:prime256v1 --usage-derive)"};
  }
  return TokenAgreement(std::move(session), key.handle, std::move(public_key));
}

Result<Bytes> TokenAgreement::agree(BytesView point) const {
  auto shared = session_->agree(key_, point, agreed_size);
  if (shared && shared->size() != agreed_size) {
    return Error{Errc::unavailable, "token-failed",
                 "the token " + name() + " made a secret of " + std::to_string(shared->size()) +
                     " octets instead of 32"};
  }
  return shared;
}

}  // namespace cpl
