#include "crypto/pkcs11/secret.hpp"

#include <openssl/evp.h>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/pkcs11/agreement.hpp"
#include "crypto/sealed_box.hpp"

namespace cpl {
namespace {

constexpr std::string_view uri_begin = "uri: ";
constexpr std::string_view sender_begin = "sender: ";
constexpr std::string_view box_begin = "box: ";
constexpr std::string_view purpose = "cpl/token-secret/v1";

Error malformed_file(const std::string& what) {
  return malformed("key-file-malformed",
                   "a secret that a token opens is three whole lines, \"uri: pkcs11:…\", "
                   "\"sender: <base64>\" and \"box: <base64>\", and nothing after them: " +
                       what);
}

// The rest of the next line, which must begin so.
Result<std::string_view> take_value(std::string_view& text, std::string_view begin) {
  const auto line = take_line(text);
  if (!line || !line->starts_with(begin)) {
    return malformed_file("a line \"" + std::string(begin) + "…\" is missing");
  }
  return line->substr(begin.size());
}

Result<Bytes> take_base64(std::string_view& text, std::string_view begin) {
  auto octets = from_base64(TRY(take_value(text, begin)));
  if (!octets) return malformed_file("its \"" + std::string(begin) + "\" is not base64");
  return *std::move(octets);
}

// The x coordinate.
Bytes agree(const PrivateKey& own, const PublicKey& other) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(own.handle(), nullptr), &EVP_PKEY_CTX_free);
  check(context != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
        EVP_PKEY_derive_set_peer(context.get(), other.handle()) == 1);
  Bytes shared(agreed_size, '\0');
  std::size_t size = shared.size();
  check(EVP_PKEY_derive(context.get(), reinterpret_cast<unsigned char*>(shared.data()), &size) ==
            1 &&
        size == agreed_size);
  return shared;
}

// Both points are in it, so that a box is tied to who agreed.
SealingKey sealing_key(BytesView shared, BytesView sender, BytesView receiver) {
  return SealingKey(hkdf_sha256(shared, Bytes(purpose) + Bytes(sender) + Bytes(receiver)));
}

}  // namespace

Result<std::optional<TokenSecret>> TokenSecret::parse(std::string_view text) {
  if (!text.starts_with(uri_begin)) return std::nullopt;
  TokenSecret sealed;
  sealed.uri = TRY(take_value(text, uri_begin));
  sealed.sender = TRY(take_base64(text, sender_begin));
  sealed.box = TRY(take_base64(text, box_begin));
  if (!text.empty()) return malformed_file("there is more");
  return sealed;
}

std::string TokenSecret::to_text() const {
  return std::string(uri_begin) + uri + "\n" + std::string(sender_begin) + to_base64(sender) +
         "\n" + std::string(box_begin) + to_base64(box) + "\n";
}

Result<TokenSecret> seal_for_token(const std::string& uri, const AskPin& ask_pin,
                                   BytesView secret) {
  const auto token = TRY(TokenAgreement::open(uri, ask_pin));
  const PrivateKey made = PrivateKey::generate(KeyAlgorithm::ecdsa_p256);
  const Bytes sender = p256_point(made.public_key());
  const Bytes receiver = p256_point(token.public_key());
  const Bytes shared = agree(made, token.public_key());
  if (!equal_in_constant_time(TRY(token.agree(sender)), shared)) {
    return Error{Errc::unavailable, "token-agreement-wrong",
                 "what the token " + token.name() +
                     " agrees on is not what its public key says: the two do not belong together, "
                     "or the token is broken"};
  }
  return TokenSecret{uri, sender,
                     sealing_key(shared, sender, receiver).seal(secret, BytesView(purpose))};
}

Result<Bytes> open_with_token(const TokenSecret& sealed, const AskPin& ask_pin) {
  const auto token = TRY(TokenAgreement::open(sealed.uri, ask_pin));
  const Bytes shared = TRY(token.agree(sealed.sender));
  const SealingKey key = sealing_key(shared, sealed.sender, p256_point(token.public_key()));
  auto secret = key.open(sealed.box, BytesView(purpose));
  if (!secret) {
    return malformed("token-secret-not-opened",
                     "the key in the token " + token.name() +
                         " does not open this file: it was sealed for another key, or altered");
  }
  return *std::move(secret);
}

}  // namespace cpl
