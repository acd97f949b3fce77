#include "notifier/send/tls.hpp"

#include <openssl/ssl.h>

namespace cpl {

namespace ssl = boost::asio::ssl;

ssl::context strict_tls_context(ssl::context::method method) {
  ssl::context context(method);
  SSL_CTX* const handle = context.native_handle();
  check(SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION) == 1);
  check(SSL_CTX_set_cipher_list(handle, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1);
  SSL_CTX_set_options(handle, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // Idle connections give their buffers back.
  SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);
  return context;
}

Result<ssl::context> client_tls_context(const std::filesystem::path& ca_file) {
  ssl::context context = strict_tls_context(ssl::context::tls_client);
  context.set_verify_mode(ssl::verify_peer);
  boost::system::error_code error;
  if (ca_file.empty()) {
    context.set_default_verify_paths(error);
  } else {
    context.load_verify_file(ca_file.string(), error);
  }
  if (error) return tls_file_unusable("the list of authorities", ca_file, error);
  return context;
}

Error tls_file_unusable(std::string_view what, const std::filesystem::path& file,
                        const boost::system::error_code& reason) {
  return Error{Errc::unavailable, "tls-file-unusable",
               std::string(what) + " " + file.string() + " cannot be used: " + reason.message() +
                   ". Check that the file exists, is readable and holds PEM text.",
               0};
}

}  // namespace cpl
