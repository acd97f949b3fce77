// The X.509 certificate (RFC 5280) of a P-256 signing key. Here it only carries the key, a name and
// the time it is good for: who may sign is what the charter says, so no chain is followed. Whoever
// trusts a certification authority has OpenSSL follow it. Values are immutable, cheap to copy.
#pragma once

#include "crypto/signing_key.hpp"

// OpenSSL's X509, named here so that no OpenSSL header leaves crypto/.
using X509 = struct x509_st;

namespace cpl {

class SigningCertificate {
 public:
  // The first certificate in a PEM text. Refuses one whose key is not ECDSA P-256, and one that
  // says that its key is not for digital signatures.
  static Result<SigningCertificate> from_pem(std::string_view pem);
  static Result<SigningCertificate> from_handle(std::shared_ptr<X509> certificate);
  // Vouches for itself: for trials, and for those whom the charter is enough. `name` becomes the
  // common name, 1 to 64 characters. Times are POSIX seconds. The key must be P-256.
  static Result<SigningCertificate> self_signed(const SigningKey& key, const std::string& name,
                                                std::uint64_t not_before, std::uint64_t not_after);

  const PublicKey& key() const { return key_; }
  const std::string& subject() const { return subject_; }  // RFC 2253.
  std::uint64_t not_before() const { return not_before_; }
  std::uint64_t not_after() const { return not_after_; }
  std::string to_pem() const;
  X509* handle() const { return certificate_.get(); }  // For crypto/ itself.

 private:
  SigningCertificate(std::shared_ptr<X509> certificate, PublicKey key);

  std::shared_ptr<X509> certificate_;
  PublicKey key_;
  std::string subject_;
  std::uint64_t not_before_ = 0;
  std::uint64_t not_after_ = 0;
};

// Certificates of authorities, from the one that signed somebody's certificate upwards, whatever
// their keys: a reader who trusts only the last one needs those below it.
using CertificatesAbove = std::vector<std::shared_ptr<X509>>;
inline constexpr std::size_t certificates_above_max = 8;
// Those after the first in a PEM text.
Result<CertificatesAbove> certificates_above(std::string_view pem);

// The subject of any certificate, whatever its key, in RFC 2253 text; of the first one in a PEM
// text.
std::string certificate_subject(X509* certificate);
Result<std::string> certificate_subject(std::string_view pem);

// A request (PKCS #10, RFC 2986) in PEM, for a certification authority.
Result<std::string> make_certificate_request(const SigningKey& key, const std::string& name);

}  // namespace cpl
