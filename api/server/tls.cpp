#include "api/server/tls.hpp"

#include <openssl/ssl.h>

#include "crypto/signing_certificate.hpp"
#include "notifier/send/tls.hpp"

namespace cpl {

namespace ssl = boost::asio::ssl;

Result<ssl::context> server_tls_context(const ServerTls& files) {
  ssl::context context = strict_tls_context(ssl::context::tls_server);
  SSL_CTX* const handle = context.native_handle();
  SSL_CTX_set_options(handle, SSL_OP_CIPHER_SERVER_PREFERENCE);
  constexpr std::string_view session_id = "cpld";
  check(SSL_CTX_set_session_id_context(handle,
                                       reinterpret_cast<const unsigned char*>(session_id.data()),
                                       static_cast<unsigned>(session_id.size())) == 1);
  boost::system::error_code error;
  context.use_certificate_chain_file(files.certificate_chain_file.string(), error);
  if (error) return tls_file_unusable("the certificate chain", files.certificate_chain_file, error);
  context.use_private_key_file(files.private_key_file.string(), ssl::context::pem, error);
  if (error) return tls_file_unusable("the private key", files.private_key_file, error);
  if (!files.client_ca_file.empty()) {
    context.load_verify_file(files.client_ca_file.string(), error);
    if (error)
      return tls_file_unusable("the list of client authorities", files.client_ca_file, error);
    context.set_verify_mode(ssl::verify_peer);
  }
  return context;
}

std::string client_certificate_subject(SSL* session) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(session),
                                                                &X509_free);
  return certificate == nullptr ? "" : certificate_subject(certificate.get());
}

Result<void> check_server_tls(const ServerTls& files) {
  TRY_VOID(server_tls_context(files));
  return {};
}

}  // namespace cpl
