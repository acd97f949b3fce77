// The signature of an extract: detached CMS by a registrar's P-256 key. What counts is that the
// charter in force at the extract's size holds the certificate's key for the registrar; the
// certificate's own issuer does not. The certificate is judged at the time of signing, which lies
// between the list's time and now: an extract stays good after its signer's certificate has ended.
#pragma once

#include "crypto/cms.hpp"
#include "registry/extract/extract.hpp"
#include "registry/statement/charter.hpp"

namespace cpl {

struct ExtractSignature {
  Hash digest;  // Of the octets that were signed; compare it with those at hand.
  UnixMillis signed_at;
  std::string signer;       // The key's name in the charter.
  std::string certificate;  // Its subject.
};

Result<ExtractSignature> open_extract_signature(BytesView cms, const Charter& charter,
                                                UnixMillis as_of, UnixMillis now);

// Signs the octets of one form. Refuses a certificate of another key, or one that is not valid now.
Result<Bytes> sign_extract(BytesView content, const SigningKey& key,
                           const SigningCertificate& certificate, UnixMillis now);

}  // namespace cpl
