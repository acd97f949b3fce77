// Detached CMS signatures (RFC 5652): what a receiver who knows nothing of
// this registry checks with `openssl cms -verify -binary -inform DER`. One signer, one certificate,
// ECDSA P-256 with SHA-256, signed attributes with the digest and the time.
#pragma once

#include <span>

#include "crypto/signing_certificate.hpp"

namespace cpl {

inline constexpr std::size_t cms_size_max = 64U << 10U;

// The certificate must be of the key. `signed_at` is in POSIX seconds. DER. Those above go with it,
// for readers who have none but the last of them.
Bytes sign_cms(BytesView content, const PrivateKey& key, const SigningCertificate& certificate,
               std::uint64_t signed_at, const CertificatesAbove& above = {});
// The same with a key that may be in a token.
Result<Bytes> sign_cms(BytesView content, const SigningKey& key,
                       const SigningCertificate& certificate, std::uint64_t signed_at);

struct CmsSignature {
  SigningCertificate certificate;
  Hash digest;                  // SHA-256 of the content that was signed.
  std::uint64_t signed_at = 0;  // As the signer says, POSIX seconds.
};

// Reads a signature and verifies it with the key of its own certificate. It is then this key's
// word that `digest` was signed. The caller compares that with the content's digest, and decides
// whether the key and the times will do: no content is needed to refuse a stranger.
Result<CmsSignature> open_cms(BytesView der);

// The same, of one of these keys: `signer-unknown` where the certificate is of none, before its
// signature is looked at.
Result<CmsSignature> open_cms_of(std::span<const PublicKey> keys, BytesView der);

}  // namespace cpl
