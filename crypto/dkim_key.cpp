#include "crypto/dkim_key.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr int rsa_bits_min = 2048;
constexpr int rsa_bits_max = 8192;

Error key_error(std::string detail) {
  ERR_clear_error();
  return malformed("dkim-key-malformed", "not a DKIM key: " + std::move(detail));
}

// No pass phrase is ever asked for at the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

Result<DkimKey> DkimKey::from_pem(std::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  check(bio != nullptr);
  std::shared_ptr<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_passphrase, nullptr), &EVP_PKEY_free);
  if (key == nullptr) return key_error("it does not read as an unencrypted private key in PEM");
  const int type = EVP_PKEY_base_id(key.get());
  if (type == EVP_PKEY_ED25519) return DkimKey(std::move(key), false);
  if (type != EVP_PKEY_RSA) return key_error("it must be RSA or Ed25519");
  const int bits = EVP_PKEY_bits(key.get());
  if (bits < rsa_bits_min || bits > rsa_bits_max) {
    return key_error("an RSA key must have 2048 to 8192 bits, this one has " +
                     std::to_string(bits));
  }
  return DkimKey(std::move(key), true);
}

std::string_view DkimKey::algorithm() const { return is_rsa_ ? "rsa-sha256" : "ed25519-sha256"; }

Bytes DkimKey::sign(BytesView message) const {
  const Hash digest = sha256(message);
  const BytesView signed_octets = is_rsa_ ? message : digest.view();
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  std::size_t size = 0;
  check(context != nullptr &&
        EVP_DigestSignInit(context.get(), nullptr, is_rsa_ ? EVP_sha256() : nullptr, nullptr,
                           key_.get()) == 1 &&
        EVP_DigestSign(context.get(), nullptr, &size, octets_of(signed_octets),
                       signed_octets.size()) == 1);
  std::vector<unsigned char> signature(size);
  check(EVP_DigestSign(context.get(), signature.data(), &size, octets_of(signed_octets),
                       signed_octets.size()) == 1);
  return Bytes(view_of(signature.data(), size));
}

std::string DkimKey::dns_record() const {
  if (!is_rsa_) {
    std::array<unsigned char, 32> raw{};
    std::size_t size = raw.size();
    check(EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &size) == 1);
    return "v=DKIM1; k=ed25519; p=" + to_base64(view_of(raw.data(), size));
  }
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(key_.get(), &der);
  check(length > 0);
  const Bytes spki(view_of(der, static_cast<std::size_t>(length)));
  OPENSSL_free(der);
  return "v=DKIM1; k=rsa; p=" + to_base64(spki);
}

}  // namespace cpl
