#include "notifier/mail/signer.hpp"

#include "crypto/cms.hpp"
#include "notifier/mail/text.hpp"

namespace cpl {
namespace {

std::string smime_content(const std::string& content, const SmimeSigner& signer, UnixMillis now) {
  const std::string signature =
      header_field("Content-Type", "application/pkcs7-signature; name=\"smime.p7s\"") +
      header_field("Content-Disposition", "attachment; filename=\"smime.p7s\"") +
      header_field("Content-Transfer-Encoding", "base64") + "\r\n" +
      base64_lines(
          sign_cms(content, signer.key, signer.certificate, now.value / 1000, signer.above));
  return multipart("multipart/signed",
                   "; protocol=\"application/pkcs7-signature\"; micalg=\"sha-256\"",
                   {content, signature});
}

}  // namespace

std::string sign_mail(const MailMessage& message, const MailSigners& signers, UnixMillis now) {
  std::string content = format_mail_content(message);
  if (signers.smime) content = smime_content(content, *signers.smime, now);
  // The content's own fields are fields of the message, too.
  const auto end = content.find("\r\n\r\n");
  const std::string fields = format_mail_fields(message) + content.substr(0, end + 2);
  const std::string body = content.substr(end + 4);
  std::string out;
  for (const DkimSigner& signer : signers.dkim) out += dkim_signature(signer, fields, body, now);
  return out + fields + "\r\n" + body;
}

}  // namespace cpl
