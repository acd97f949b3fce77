#include "notifier/endpoint_tls.hpp"

#include "notifier/tls.hpp"

namespace cpl {
namespace {

namespace ssl = boost::asio::ssl;

Result<ssl::context> context_for(const EndpointTls& endpoint) {
  ssl::context context = TRY(client_tls_context(endpoint.ca_file));
  if (endpoint.certificate_file.empty()) return context;
  boost::system::error_code error;
  context.use_certificate_chain_file(endpoint.certificate_file.string(), error);
  if (error) return tls_file_unusable("the certificate chain", endpoint.certificate_file, error);
  context.use_private_key_file(endpoint.key_file.string(), ssl::context::pem, error);
  if (error) return tls_file_unusable("the certificate's private key", endpoint.key_file, error);
  return context;
}

}  // namespace

Result<EndpointTlsContexts> EndpointTlsContexts::open(
    const EndpointTls& usual, const std::map<std::string, EndpointTls>& by_host) {
  EndpointTlsContexts contexts(TRY(context_for(usual)));
  for (const auto& [host, endpoint] : by_host) {
    contexts.by_host_.emplace(host, TRY(context_for(endpoint)));
  }
  return contexts;
}

ssl::context& EndpointTlsContexts::of(const std::string& host) {
  const auto own = by_host_.find(host);
  return own == by_host_.end() ? usual_ : own->second;
}

}  // namespace cpl
