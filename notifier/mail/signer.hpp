// A message made ready to send: signed for people (S/MIME, RFC 8551) where a certificate is there,
// and for machines (DKIM).
#pragma once

#include "crypto/signing_certificate.hpp"
#include "notifier/mail/dkim.hpp"
#include "notifier/mail/message.hpp"

namespace cpl {

struct SmimeSigner {
  PrivateKey key;  // P-256.
  SigningCertificate certificate;
  CertificatesAbove
      above;  // Sent along: a reader trusts a root, and need not know what is between.
};

struct MailSigners {
  std::optional<SmimeSigner> smime;
  std::vector<DkimSigner> dkim;  // Each signs; receivers take what they know.
};

// The whole message as SMTP carries it, but for the dots.
std::string sign_mail(const MailMessage& message, const MailSigners& signers, UnixMillis now);

}  // namespace cpl
