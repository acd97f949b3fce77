#include "crypto/cms.hpp"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>

#include <ctime>
#include <functional>

#include "crypto/der.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Cms = std::unique_ptr<CMS_ContentInfo, decltype(&CMS_ContentInfo_free)>;

constexpr unsigned cms_flags = CMS_PARTIAL | CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP;

Error cms_error(std::string detail) {
  ERR_clear_error();
  return malformed("cms-malformed", "not a valid signature file: " + std::move(detail));
}

// The one value of a signed attribute that stands there exactly once; null otherwise.
const void* attribute(const CMS_SignerInfo* signer, int nid, int type) {
  constexpr int exactly_once = -3;
  return CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(nid), exactly_once, type);
}

std::optional<std::uint64_t> signing_time(const CMS_SignerInfo* signer) {
  const void* value = attribute(signer, NID_pkcs9_signingTime, V_ASN1_UTCTIME);
  if (value == nullptr) value = attribute(signer, NID_pkcs9_signingTime, V_ASN1_GENERALIZEDTIME);
  std::tm parts{};
  if (value == nullptr || ASN1_TIME_to_tm(static_cast<const ASN1_TIME*>(value), &parts) != 1) {
    return std::nullopt;
  }
  const std::time_t seconds = ::timegm(&parts);
  if (seconds < 0) return std::nullopt;
  return static_cast<std::uint64_t>(seconds);
}

int algorithm_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* name = nullptr;
  X509_ALGOR_get0(&name, nullptr, nullptr, algorithm);
  return OBJ_obj2nid(name);
}

Result<SigningCertificate> only_certificate(CMS_ContentInfo* cms, CMS_SignerInfo* signer) {
  STACK_OF(X509)* all = CMS_get1_certs(cms);
  std::shared_ptr<X509> certificate;
  if (sk_X509_num(all) == 1) certificate.reset(sk_X509_pop(all), &X509_free);
  sk_X509_pop_free(all, &X509_free);
  if (certificate == nullptr || CMS_SignerInfo_cert_cmp(signer, certificate.get()) != 0) {
    return cms_error("it must hold the signer's certificate and no other");
  }
  return SigningCertificate::from_handle(std::move(certificate));
}

using KeyCheck = std::function<Result<void>(const SigningCertificate& certificate)>;

Result<CmsSignature> open_signer(CMS_ContentInfo* cms, CMS_SignerInfo* signer,
                                 const KeyCheck& check_key) {
  SigningCertificate certificate = TRY(only_certificate(cms, signer));
  TRY_VOID(check_key(certificate));
  X509_ALGOR* digest_algorithm = nullptr;
  X509_ALGOR* signature_algorithm = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest_algorithm, &signature_algorithm);
  if (algorithm_of(digest_algorithm) != NID_sha256 ||
      algorithm_of(signature_algorithm) != NID_ecdsa_with_SHA256) {
    return cms_error("it must be of ECDSA with SHA-256");
  }
  CMS_SignerInfo_set1_signer_cert(signer, certificate.handle());
  const auto* digest = static_cast<const ASN1_OCTET_STRING*>(
      attribute(signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING));
  const auto* type =
      static_cast<const ASN1_OBJECT*>(attribute(signer, NID_pkcs9_contentType, V_ASN1_OBJECT));
  const auto time = signing_time(signer);
  if (digest == nullptr || type == nullptr || OBJ_obj2nid(type) != NID_pkcs7_data || !time) {
    return cms_error("it must sign a digest, a type and a time, each once");
  }
  const auto hash = hash_from_bytes(
      view_of(ASN1_STRING_get0_data(digest), static_cast<std::size_t>(ASN1_STRING_length(digest))));
  if (!hash) return cms_error("its digest does not have 32 octets");
  count_public_key_operation();
  if (CMS_SignerInfo_verify(signer) != 1) {
    ERR_clear_error();
    return Error{Errc::unauthorized, "signature-invalid",
                 "the signature does not verify with the key of its own certificate"};
  }
  return CmsSignature{std::move(certificate), *hash, *time};
}

Result<CmsSignature> open(BytesView der, const KeyCheck& check_key) {
  if (der.size() > cms_size_max) return cms_error("it is larger than 64 KiB");
  const unsigned char* cursor = octets_of(der);
  const Cms cms(d2i_CMS_ContentInfo(nullptr, &cursor, static_cast<long>(der.size())),
                &CMS_ContentInfo_free);
  if (cms == nullptr || cursor != octets_of(der) + der.size()) {
    return cms_error("it does not read as CMS in DER");
  }
  if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed ||
      OBJ_obj2nid(CMS_get0_eContentType(cms.get())) != NID_pkcs7_data ||
      CMS_is_detached(cms.get()) != 1) {
    return cms_error("it is not a detached signature of data");
  }
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms.get());
  if (sk_CMS_SignerInfo_num(signers) != 1) return cms_error("it must have one signer");
  auto opened = open_signer(cms.get(), sk_CMS_SignerInfo_value(signers, 0), check_key);
  ERR_clear_error();
  return opened;
}

// All of a CMS signature but the octets of the signature itself: who signs them need not be
// OpenSSL, which knows no key in a token.
class UnsignedCms {
 public:
  UnsignedCms(BytesView content, const SigningCertificate& certificate, std::uint64_t signed_at);
  void add(const CertificatesAbove& above);
  Bytes to_be_signed() const;
  Bytes with_signature(BytesView signature);

 private:
  void add(int nid, int type, const void* value, int size = -1);

  const Cms cms_;
  CMS_SignerInfo* signer_ = nullptr;  // Of cms_.
};

UnsignedCms::UnsignedCms(BytesView content, const SigningCertificate& certificate,
                         std::uint64_t signed_at)
    : cms_(CMS_sign(nullptr, nullptr, nullptr, nullptr, cms_flags), &CMS_ContentInfo_free) {
  check(cms_ != nullptr);
  // It asks for a private key only to name the algorithm: the public half has the same one.
  signer_ = CMS_add1_signer(cms_.get(), certificate.handle(), certificate.key().handle(),
                            EVP_sha256(), cms_flags);
  check(signer_ != nullptr);
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> time(
      ASN1_TIME_set(nullptr, static_cast<std::time_t>(signed_at)), &ASN1_TIME_free);
  check(time != nullptr);
  const Hash digest = sha256(content);
  add(NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data));
  add(NID_pkcs9_signingTime, ASN1_STRING_type(time.get()), time.get());
  add(NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest.octets.data(),
      static_cast<int>(digest.octets.size()));
}

void UnsignedCms::add(int nid, int type, const void* value, int size) {
  check(CMS_signed_add1_attr_by_NID(signer_, nid, type, value, size) == 1);
}

void UnsignedCms::add(const CertificatesAbove& above) {
  for (const auto& certificate : above) {
    check(CMS_add1_cert(cms_.get(), certificate.get()) == 1);
  }
}

// The DER of the signed attributes as a SET OF (RFC 5652, 5.4), whose elements stand sorted.
Bytes UnsignedCms::to_be_signed() const {
  std::vector<Bytes> attributes;
  std::size_t size = 0;
  for (int i = 0; i < CMS_signed_get_attr_count(signer_); ++i) {
    unsigned char* der = nullptr;
    const int length = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(signer_, i), &der);
    attributes.push_back(taken(der, length));
    size += attributes.back().size();
  }
  std::sort(attributes.begin(), attributes.end());
  Bytes out = der_header(0x31, size);
  for (const Bytes& attribute : attributes) out += attribute;
  return out;
}

Bytes UnsignedCms::with_signature(BytesView signature) {
  check(ASN1_STRING_set(CMS_SignerInfo_get0_signature(signer_), signature.data(),
                        static_cast<int>(signature.size())) == 1);
  unsigned char* der = nullptr;
  const int length = i2d_CMS_ContentInfo(cms_.get(), &der);
  return taken(der, length);
}

}  // namespace

Bytes sign_cms(BytesView content, const PrivateKey& key, const SigningCertificate& certificate,
               std::uint64_t signed_at, const CertificatesAbove& above) {
  check(certificate.key() == key.public_key());
  UnsignedCms cms(content, certificate, signed_at);
  cms.add(above);
  return cms.with_signature(key.sign(cms.to_be_signed()));
}

Result<Bytes> sign_cms(BytesView content, const SigningKey& key,
                       const SigningCertificate& certificate, std::uint64_t signed_at) {
  check(certificate.key() == key.public_key());
  UnsignedCms cms(content, certificate, signed_at);
  return cms.with_signature(TRY(key.sign(cms.to_be_signed())));
}

Result<CmsSignature> open_cms(BytesView der) {
  return open(der, [](const SigningCertificate&) -> Result<void> { return {}; });
}

Result<CmsSignature> open_cms_of(std::span<const PublicKey> keys, BytesView der) {
  return open(der, [keys](const SigningCertificate& certificate) -> Result<void> {
    if (std::find(keys.begin(), keys.end(), certificate.key()) != keys.end()) return {};
    return Error{Errc::unauthorized, "signer-unknown", certificate.subject()};
  });
}

}  // namespace cpl
