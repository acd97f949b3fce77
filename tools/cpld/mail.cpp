#include "tools/cpld/mail.hpp"

#include "crypto/locked_memory.hpp"
#include "notifier/run/notifier.hpp"
#include "tools/shared/files.hpp"

namespace cpl {
namespace {

constexpr std::size_t dkim_key_size_max = 64U << 10U;

// The reader's error, with the file that it is about.
template <class Read>
auto read_secret(const std::filesystem::path& file, const Read& read)
    -> decltype(read(std::string_view())) {
  Bytes content = TRY(read_file(file, dkim_key_size_max));
  auto made = read(content);
  wipe(content);
  if (!made) return within(file.string(), made.error());
  return made;
}

Result<MailServer> server_of(const Config& config) {
  const MailConfig& mail = *config.mail;
  MailServer server;
  server.host = mail.server;
  server.port = mail.port;
  server.ca_file = mail.ca_file;
  server.user = mail.user;
  server.helo = mail.helo;
  if (!mail.password_file.empty()) {
    server.password = TRY(read_file(mail.password_file, dkim_key_size_max));
    while (server.password.ends_with('\n') || server.password.ends_with('\r')) {
      server.password.pop_back();
    }
  }
  return server;
}

Result<MailSigners> signers_of(const MailConfig& mail) {
  MailSigners signers;
  for (const DkimConfig& dkim : mail.dkim) {
    DkimKey key = TRY(read_secret(dkim.key_file, &DkimKey::from_pem));
    signers.dkim.push_back({dkim.domain, dkim.selector, std::move(key)});
  }
  if (mail.smime_key_file.empty()) return signers;
  const PrivateKey key = TRY(read_secret(
      mail.smime_key_file, [](std::string_view pem) { return PrivateKey::from_pem(pem); }));
  const SigningCertificate certificate =
      TRY(read_secret(mail.smime_certificate_file, &SigningCertificate::from_pem));
  if (certificate.key() != key.public_key()) {
    return malformed("certificate-mismatch", mail.smime_certificate_file.string() +
                                                 " is not the certificate of the key in " +
                                                 mail.smime_key_file.string());
  }
  CertificatesAbove above = TRY(read_secret(mail.smime_certificate_file, &certificates_above));
  signers.smime = SmimeSigner{key, certificate, std::move(above)};
  return signers;
}

}  // namespace

Result<std::vector<std::string>> dkim_records(const Config& config) {
  std::vector<std::string> records;
  if (!config.mail) return records;
  const MailSigners signers = TRY(signers_of(*config.mail));
  for (const DkimSigner& signer : signers.dkim) {
    records.push_back(signer.selector + "._domainkey." + signer.domain + " TXT " +
                      signer.key.dns_record());
  }
  return records;
}

Result<void> check_mailing(const Config& config) {
  if (!config.mail) return {};
  TRY(MailAddress::parse(config.mail->from));
  TRY(MailAddress::parse(config.mail->bounces));
  TRY(server_of(config));
  return {};
}

Result<Mailing> open_mailing(const Config& config, const Clock& clock, const Bytes& notice_key) {
  if (!config.mail) return Mailing{};
  const MailConfig& mail = *config.mail;
  const MailAddress from = TRY(MailAddress::parse(mail.from));
  const MailAddress bounces = TRY(MailAddress::parse(mail.bounces));
  MailSigners signers = TRY(signers_of(mail));
  MailOptions wording{mail.from_name,
                      from,
                      "Certified Products List changes",
                      config.origin,
                      config.public_url + "/notices/",
                      config.desk.limits};
  MailChannelOptions options{
      std::move(wording), std::move(signers), bounces,
      [notice_key, base = config.public_url](const std::string& id, const std::string& url) {
        return base + "/u/" + unsubscribe_token(notice_key, id, url);
      }};
  Mailing mailing;
  const MailServer server = TRY(server_of(config));
  mailing.parties = std::make_unique<MailTransport>(server);
  mailing.service_desk = std::make_unique<MailTransport>(server);
  mailing.channel = std::make_unique<MailChannel>(
      [parties = mailing.parties.get(), service_desk = mailing.service_desk.get()](
          OutgoingMail sent, Transport::Done done) {
        MailTransport& own = sent.audience == Audience::service_desk ? *service_desk : *parties;
        own.send(std::move(sent), std::move(done));
      },
      clock, std::move(options));
  return mailing;
}

void Mailing::start() {
  if (!channel) return;
  parties->start([own = channel.get()] { own->expire(); });
  service_desk->start([] {});
}

void Mailing::stop() {
  if (!channel) return;
  parties->stop();
  service_desk->stop();
  channel->stop();
}

}  // namespace cpl
