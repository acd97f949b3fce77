#include "notifier/send/tls_fault.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include "registry/base/time.hpp"

namespace cpl {
namespace {

constexpr std::size_t name_size_max = 80;
constexpr int names_max = 3;

std::string common_name(const X509_NAME* name) {
  std::array<char, name_size_max + 1> text{};
  const int size = X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), NID_commonName,
                                             text.data(), static_cast<int>(text.size()));
  return size <= 0 ? "somebody without a name"
                   : "\"" + plain_words(text.data(), name_size_max) + "\"";
}

std::string day_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unknown day";
  const std::time_t seconds = ::timegm(&parts);
  if (seconds < 0) return "a day before 1970";
  return format_time(UnixMillis{static_cast<std::uint64_t>(seconds) * 1000});
}

// "a.example, b.example and others"
std::string names_in(X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  std::string list;
  int told = 0;
  const int count = names == nullptr ? 0 : sk_GENERAL_NAME_num(names.get());
  for (int i = 0; i < count && told < names_max; ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    const std::string_view text(
        reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
        static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    list += (told++ > 0 ? ", " : "") + plain_words(text, name_size_max);
  }
  if (told == 0) return "no host";
  return list + (told < count ? " and others" : "");
}

std::string fault_of(X509_STORE_CTX* context, const std::string& host) {
  const int error = X509_STORE_CTX_get_error(context);
  X509* const certificate = X509_STORE_CTX_get_current_cert(context);
  const std::string general = certificate_fault(error);
  if (certificate == nullptr) return "the certificate " + general;
  const std::string whose = X509_STORE_CTX_get_error_depth(context) == 0
                                ? "the certificate "
                                : "the certificate above its own, of " +
                                      common_name(X509_get_subject_name(certificate)) + ", ";
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return whose + general + " on " + day_of(X509_get0_notAfter(certificate));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return whose + general + " before " + day_of(X509_get0_notBefore(certificate));
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the certificate is for another name: it names " + names_in(certificate) +
             ", and not " + host;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return whose + general + ". Its issuer is " + common_name(X509_get_issuer_name(certificate));
    default:
      return whose + general;
  }
}

}  // namespace

std::string certificate_fault(long verify_result) {
  switch (verify_result) {
    case X509_V_OK:
      return "";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "is not valid";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "is for another name";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "is self-signed, and this registry does not trust it";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "is self-signed: an authority that this registry does not trust";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "leads to no authority that this registry trusts: an intermediate certificate is "
             "missing, which the server must send along, or the authority is unknown here";
    default:
      return std::string("does not hold: ") + X509_verify_cert_error_string(verify_result);
  }
}

bool CertificateWitness::operator()(bool verified,
                                    boost::asio::ssl::verify_context& context) const {
  if (!verified && fault_->empty()) *fault_ = fault_of(context.native_handle(), host_);
  return verified;
}

std::string tls_error_words(const boost::system::error_code& error) {
  if (error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated) {
    return "the server closed the connection before TLS was agreed on";
  }
  if (error.category() != boost::asio::error::get_ssl_category()) {
    return plain_words(error.message(), name_size_max);
  }
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_RECORD_LENGTH_MISMATCH:
    case SSL_R_UNEXPECTED_MESSAGE:
      return "what answers at that port does not speak TLS";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return "the server offers no TLS 1.2 or later";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return "the server demands a client certificate, and was shown none";
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
      return "the server does not accept the client certificate that it was shown";
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      return "the server offers no way of TLS that we take, or demands a client certificate";
    default:
      return plain_words(error.message(), name_size_max);
  }
}

std::string plain_words(std::string_view text, std::size_t size_max) {
  std::string plain;
  for (const char c : text.substr(0, size_max)) plain += c >= ' ' && c <= '~' ? c : '?';
  return plain + (text.size() > size_max ? "..." : "");
}

}  // namespace cpl
