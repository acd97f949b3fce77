#include "crypto/keys.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr std::size_t pem_size_max = 65'536;

std::shared_ptr<EVP_PKEY> own(EVP_PKEY* key) {
  return key == nullptr ? nullptr : std::shared_ptr<EVP_PKEY>(key, &EVP_PKEY_free);
}

bool is_p256(EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC) return false;
  std::array<char, 64> group{};
  std::size_t length = 0;
  return EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
         std::string_view(group.data(), length) == "prime256v1";
}

// Ed25519 hashes by itself.
const EVP_MD* digest_for(KeyAlgorithm algorithm) {
  return algorithm == KeyAlgorithm::ed25519 ? nullptr : EVP_sha256();
}

// In the one canonical form, whatever form the key was read from: one key must not have two
// encodings, or its holder would count twice towards a threshold.
Bytes spki_of(EVP_PKEY* key) {
  check(EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                       OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED) == 1);
  check(EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING,
                                       OSSL_PKEY_EC_ENCODING_GROUP) == 1);
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(key, &der);
  check(length > 0);
  Bytes out(view_of(der, static_cast<std::size_t>(length)));
  OPENSSL_free(der);
  return out;
}

std::string read_all(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(length));
}

// OpenSSL asks here. A prompt of its own would keep a service waiting, so there is none.
int give_pass_phrase(char* place, int size, int /*is_for_writing*/, void* given) {
  const auto& pass_phrase = *static_cast<const BytesView*>(given);
  if (pass_phrase.empty() || pass_phrase.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(pass_phrase.begin(), pass_phrase.end(), place);
  return static_cast<int>(pass_phrase.size());
}

// What scrypt costs: 16 MiB, the most that OpenSSL reads unasked, and five times over it.
constexpr std::uint64_t scrypt_n = 1U << 14U;
constexpr std::uint64_t scrypt_r = 8;
constexpr std::uint64_t scrypt_p = 5;

std::string locked_pem(EVP_PKEY* key, BytesView pass_phrase) {
  using Plain = std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)>;
  using Locked = std::unique_ptr<X509_SIG, decltype(&X509_SIG_free)>;
  const Plain plain(EVP_PKEY2PKCS8(key), &PKCS8_PRIV_KEY_INFO_free);
  check(plain != nullptr);
  X509_ALGOR* const how =
      PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 0, nullptr, scrypt_n, scrypt_r, scrypt_p);
  check(how != nullptr);
  const Locked locked(
      PKCS8_set0_pbe(pass_phrase.data(), static_cast<int>(pass_phrase.size()), plain.get(), how),
      &X509_SIG_free);
  check(locked != nullptr);
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
  check(PEM_write_bio_PKCS8(bio.get(), locked.get()) == 1);
  return read_all(bio.get());
}

}  // namespace

std::shared_ptr<EVP_PKEY> PublicKey::ed25519_handle(BytesView raw) {
  auto key =
      own(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets_of(raw), raw.size()));
  check(key != nullptr);
  return key;
}

std::optional<std::shared_ptr<EVP_PKEY>> PublicKey::p256_handle(BytesView spki) {
  const unsigned char* cursor = octets_of(spki);
  auto key = own(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(spki.size())));
  if (key == nullptr || !is_p256(key.get()) || spki_of(key.get()) != spki) return std::nullopt;
  return key;
}

std::string PublicKey::to_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
  check(PEM_write_bio_PUBKEY(bio.get(), key_.get()) == 1);
  return read_all(bio.get());
}

bool PublicKey::verify(BytesView message, BytesView signature) const {
  count_public_key_operation();
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  check(context != nullptr);
  check(EVP_DigestVerifyInit(context.get(), nullptr, digest_for(algorithm_), nullptr, key_.get()) ==
        1);
  return EVP_DigestVerify(context.get(), octets_of(signature), signature.size(), octets_of(message),
                          message.size()) == 1;
}

PrivateKey::PrivateKey(std::shared_ptr<EVP_PKEY> key, PublicKey public_key)
    : key_(std::move(key)), public_key_(std::move(public_key)) {}

Result<PrivateKey> PrivateKey::from_handle(std::shared_ptr<EVP_PKEY> key) {
  if (EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_ED25519) {
    std::array<unsigned char, 32> raw{};
    std::size_t length = raw.size();
    check(EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &length) == 1);
    PublicKey public_key = TRY(PublicKey::from_ed25519(view_of(raw.data(), length)));
    return PrivateKey(std::move(key), std::move(public_key));
  }
  if (is_p256(key.get())) {
    PublicKey public_key = TRY(PublicKey::from_spki(spki_of(key.get())));
    return PrivateKey(std::move(key), std::move(public_key));
  }
  return malformed("key-malformed", "the key is neither Ed25519 nor ECDSA P-256");
}

PrivateKey PrivateKey::generate(KeyAlgorithm algorithm) {
  auto key =
      own(algorithm == KeyAlgorithm::ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                             : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  check(key != nullptr);
  auto made = from_handle(std::move(key));
  check(made.has_value());
  return *std::move(made);
}

Result<PrivateKey> PrivateKey::from_ed25519_seed(BytesView seed) {
  if (seed.size() != 32) {
    return malformed("key-malformed",
                     "an Ed25519 seed has 32 octets, this one has " + std::to_string(seed.size()));
  }
  return from_handle(
      own(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, octets_of(seed), seed.size())));
}

bool is_locked_pem(std::string_view text) {
  return text.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") != text.npos ||
         text.find("Proc-Type: 4,ENCRYPTED") != text.npos;
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, BytesView pass_phrase) {
  if (pem.empty() || pem.size() > pem_size_max) {
    return malformed("key-malformed", "a private key in PEM form has 1 to " +
                                          std::to_string(pem_size_max) + " octets");
  }
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  check(bio != nullptr);
  const bool locked = is_locked_pem(pem);
  if (locked && pass_phrase.empty()) {
    return refuse("key-locked",
                  "the key has a pass phrase: people are asked for it when they sign; a key that "
                  "a service uses must have none");
  }
  auto key = own(PEM_read_bio_PrivateKey(bio.get(), nullptr, &give_pass_phrase, &pass_phrase));
  if (key != nullptr) return from_handle(std::move(key));
  if (locked) return refuse("pass-phrase-wrong", "this pass phrase does not open the key");
  return malformed("key-malformed", "no private key in PEM form found");
}

std::string PrivateKey::to_pem(BytesView pass_phrase) const {
  if (!pass_phrase.empty()) return locked_pem(key_.get(), pass_phrase);
  const Bio bio(BIO_new(BIO_s_secmem()), &BIO_free);
  check(PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) == 1);
  return read_all(bio.get());
}

Bytes PrivateKey::sign(BytesView message) const {
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  check(context != nullptr);
  check(EVP_DigestSignInit(context.get(), nullptr, digest_for(public_key_.algorithm()), nullptr,
                           key_.get()) == 1);
  std::array<unsigned char, 128> signature{};
  std::size_t length = signature.size();
  check(EVP_DigestSign(context.get(), signature.data(), &length, octets_of(message),
                       message.size()) == 1);
  return Bytes(view_of(signature.data(), length));
}

}  // namespace cpl
