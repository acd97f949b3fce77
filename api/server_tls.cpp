#include "api/server_tls.hpp"

#include <openssl/ssl.h>

#include "notifier/tls.hpp"

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
  if (certificate == nullptr) return "";
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), &BIO_free);
  check(text != nullptr);
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate.get()), 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const long length = BIO_get_mem_data(text.get(), &data);
  return std::string(data, static_cast<std::size_t>(length));
}

}  // namespace cpl
