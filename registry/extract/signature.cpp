#include "registry/extract/signature.hpp"

namespace cpl {
namespace {

constexpr std::uint64_t clock_difference_seconds_max = 300;

std::string seconds_text(std::uint64_t seconds) { return format_time(UnixMillis{seconds * 1000}); }

Result<void> check_validity(const SigningCertificate& certificate, std::uint64_t seconds) {
  if (certificate.not_before() <= seconds && seconds <= certificate.not_after()) return {};
  return Error{Errc::unauthorized, "signer-certificate-expired",
               "the certificate of " + certificate.subject() +
                   " was not valid when it signed, at " + seconds_text(seconds)};
}

Result<void> check_signing_time(std::uint64_t signed_at, UnixMillis as_of, UnixMillis now) {
  const bool early = signed_at < as_of.value / 1000;
  const bool late = signed_at > now.value / 1000 + clock_difference_seconds_max;
  if (!early && !late) return {};
  return Error{Errc::unauthorized, "signing-time-invalid",
               "it says that it was signed at " + seconds_text(signed_at) + ", which is " +
                   (early ? "before the list was as it shows" : "yet to come")};
}

}  // namespace

Result<ExtractSignature> open_extract_signature(BytesView cms, const Charter& charter,
                                                UnixMillis as_of, UnixMillis now) {
  const std::vector<NoteVerifier>& verifiers = charter.roles.at(Role::registrar).keys;
  std::vector<PublicKey> keys;
  keys.reserve(verifiers.size());
  for (const NoteVerifier& verifier : verifiers) keys.push_back(verifier.key());
  const auto opened = open_cms_of(keys, cms);
  if (!opened && opened.error().code == "signer-unknown") {
    return Error{Errc::unauthorized, "signer-not-registrar",
                 "the key of " + opened.error().detail +
                     " is none of the registrar's under the charter in force"};
  }
  if (!opened) return opened.error();
  TRY_VOID(check_signing_time(opened->signed_at, as_of, now));
  TRY_VOID(check_validity(opened->certificate, opened->signed_at));
  const auto key = std::find(keys.begin(), keys.end(), opened->certificate.key());
  return ExtractSignature{opened->digest, UnixMillis{opened->signed_at * 1000},
                          verifiers[static_cast<std::size_t>(key - keys.begin())].name(),
                          opened->certificate.subject()};
}

Result<Bytes> sign_extract(BytesView content, const SigningKey& key,
                           const SigningCertificate& certificate, UnixMillis now) {
  if (!(certificate.key() == key.public_key())) {
    return refuse("certificate-mismatch", "the certificate of " + certificate.subject() +
                                              " is for another key than the one given");
  }
  TRY_VOID(check_validity(certificate, now.value / 1000));
  return sign_cms(content, key, certificate, now.value / 1000);
}

}  // namespace cpl
