#include "crypto/signing_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "crypto/der.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr std::size_t pem_size_max = 65'536;
constexpr std::size_t subject_size_max = 1024;
constexpr std::size_t name_size_max = 64;  // RFC 5280, ub-common-name.

Error certificate_error(std::string detail) {
  ERR_clear_error();
  return malformed("certificate-malformed", std::move(detail));
}

std::string text_in(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(length));
}

std::optional<std::uint64_t> seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  const std::time_t seconds = ::timegm(&parts);
  if (seconds < 0) return std::nullopt;
  return static_cast<std::uint64_t>(seconds);
}

Bytes public_key_of(X509* certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (length <= 0) return {};
  Bytes out(view_of(der, static_cast<std::size_t>(length)));
  OPENSSL_free(der);
  return out;
}

Result<void> check_name(const SigningKey& key, const std::string& name) {
  if (key.public_key().algorithm() != KeyAlgorithm::ecdsa_p256) {
    return malformed("key-malformed",
                     "a certificate is for an ECDSA P-256 key (cpl key create --algorithm p256)");
  }
  if (name.empty() || name.size() > name_size_max || !is_printable_utf8(name)) {
    return malformed("name-malformed", "a certificate's name has 1 to 64 printable characters");
  }
  return {};
}

void set_name(X509_NAME* subject, const std::string& name) {
  check(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, octets_of(name),
                                   static_cast<int>(name.size()), -1, 0) == 1);
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value), &X509_EXTENSION_free);
  check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

void set_serial_number(X509* certificate) {
  Bytes number = random_bytes(16);
  number[0] = static_cast<char>(static_cast<unsigned char>(number[0]) & 0x7FU);  // Positive.
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> value(
      BN_bin2bn(octets_of(number), static_cast<int>(number.size()), nullptr), &BN_free);
  check(value != nullptr &&
        BN_to_ASN1_INTEGER(value.get(), X509_get_serialNumber(certificate)) != nullptr);
}

Result<Bio> open_pem(std::string_view pem) {
  if (pem.empty() || pem.size() > pem_size_max) {
    return certificate_error("a certificate in PEM form has 1 to 65,536 octets");
  }
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  check(bio != nullptr);
  return bio;
}

std::shared_ptr<X509> next_certificate(BIO* pem) {
  return {PEM_read_bio_X509(pem, nullptr, nullptr, nullptr), &X509_free};
}

Result<std::shared_ptr<X509>> read_certificate(std::string_view pem) {
  const Bio bio = TRY(open_pem(pem));
  auto certificate = next_certificate(bio.get());
  if (certificate == nullptr) return certificate_error("no certificate in PEM form found");
  return certificate;
}

// What its key has to sign. Only as it signs does OpenSSL write into a certificate by which
// algorithm that is done, so it does so here with a key that nobody keeps.
Bytes to_be_signed(X509* certificate) {
  const PrivateKey nobodys = PrivateKey::generate(KeyAlgorithm::ecdsa_p256);
  check(X509_sign(certificate, nobodys.handle(), EVP_sha256()) > 0);
  unsigned char* der = nullptr;
  const int length = i2d_re_X509_tbs(certificate, &der);
  return taken(der, length);
}

}  // namespace

SigningCertificate::SigningCertificate(std::shared_ptr<X509> certificate, PublicKey key)
    : certificate_(std::move(certificate)), key_(std::move(key)) {}

Result<SigningCertificate> SigningCertificate::from_handle(std::shared_ptr<X509> certificate) {
  auto key = PublicKey::from_spki(public_key_of(certificate.get()));
  if (!key) return certificate_error("the certificate's key is not an ECDSA P-256 key");
  // Without the extension all bits are set.
  if ((X509_get_key_usage(certificate.get()) & X509v3_KU_DIGITAL_SIGNATURE) == 0) {
    return certificate_error("the certificate's key is not for digital signatures");
  }
  const auto from = seconds_of(X509_get0_notBefore(certificate.get()));
  const auto to = seconds_of(X509_get0_notAfter(certificate.get()));
  if (!from || !to) return certificate_error("the certificate's times cannot be read");
  SigningCertificate made(std::move(certificate), *std::move(key));
  made.not_before_ = *from;
  made.not_after_ = *to;
  made.subject_ = certificate_subject(made.handle());
  if (made.subject_.empty() || made.subject_.size() > subject_size_max) {
    return certificate_error("the certificate's subject must have 1 to 1,024 characters");
  }
  ERR_clear_error();
  return made;
}

Result<SigningCertificate> SigningCertificate::from_pem(std::string_view pem) {
  return from_handle(TRY(read_certificate(pem)));
}

Result<CertificatesAbove> certificates_above(std::string_view pem) {
  const Bio bio = TRY(open_pem(pem));
  CertificatesAbove all;
  while (auto certificate = next_certificate(bio.get())) {
    const std::string place = "certificate " + std::to_string(all.size() + 1) + " of the file";
    if (all.size() > certificates_above_max) {
      return certificate_error(place + " is one too many: at most " +
                               std::to_string(certificates_above_max) + " follow the first");
    }
    const bool is_there = std::any_of(all.begin(), all.end(), [&](const auto& other) {
      return X509_cmp(certificate.get(), other.get()) == 0;
    });
    if (is_there) return certificate_error(place + " is in it twice");
    all.push_back(std::move(certificate));
  }
  // After the last one OpenSSL finds no start of another; all else is one that it cannot read.
  if (all.empty() || ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    return certificate_error("certificate " + std::to_string(all.size() + 1) +
                             " of the file cannot be read");
  }
  ERR_clear_error();
  all.erase(all.begin());
  return all;
}

std::string certificate_subject(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
  check(bio != nullptr);
  X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  return text_in(bio.get());
}

Result<std::string> certificate_subject(std::string_view pem) {
  return certificate_subject(TRY(read_certificate(pem)).get());
}

Result<SigningCertificate> SigningCertificate::self_signed(const SigningKey& key,
                                                           const std::string& name,
                                                           std::uint64_t not_before,
                                                           std::uint64_t not_after) {
  TRY_VOID(check_name(key, name));
  std::shared_ptr<X509> certificate(X509_new(), &X509_free);
  check(certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  set_serial_number(certificate.get());
  set_name(X509_get_subject_name(certificate.get()), name);
  check(X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get())) == 1);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), static_cast<std::time_t>(not_before));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), static_cast<std::time_t>(not_after));
  check(X509_set_pubkey(certificate.get(), key.public_key().handle()) == 1);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), NID_subject_key_identifier, "hash");
  const Bytes unsigned_part = to_be_signed(certificate.get());
  const Bytes der = der_signed(unsigned_part, TRY(key.sign(unsigned_part)));
  const unsigned char* cursor = octets_of(der);
  certificate.reset(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())), &X509_free);
  check(certificate != nullptr);
  return from_handle(std::move(certificate));
}

std::string SigningCertificate::to_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
  check(bio != nullptr && PEM_write_bio_X509(bio.get(), certificate_.get()) == 1);
  return text_in(bio.get());
}

Result<std::string> make_certificate_request(const SigningKey& key, const std::string& name) {
  TRY_VOID(check_name(key, name));
  const std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)> request(X509_REQ_new(), &X509_REQ_free);
  check(request != nullptr && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1);
  set_name(X509_REQ_get_subject_name(request.get()), name);
  check(X509_REQ_set_pubkey(request.get(), key.public_key().handle()) == 1);
  unsigned char* octets = nullptr;
  const int length = i2d_re_X509_REQ_tbs(request.get(), &octets);
  const Bytes unsigned_part = taken(octets, length);
  const Bytes der = der_signed(unsigned_part, TRY(key.sign(unsigned_part)));
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
  check(bio != nullptr && PEM_write_bio(bio.get(), PEM_STRING_X509_REQ, "", octets_of(der),
                                        static_cast<long>(der.size())) > 0);
  return text_in(bio.get());
}

}  // namespace cpl
