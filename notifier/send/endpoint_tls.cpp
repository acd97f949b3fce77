#include "notifier/send/endpoint_tls.hpp"

#include "notifier/send/tls.hpp"

namespace cpl {
namespace {

namespace ssl = boost::asio::ssl;

Result<ssl::context> context_with_certificate(const EndpointTls& endpoint) {
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

Result<EndpointTlsContexts::Contexts> EndpointTlsContexts::contexts_for(
    const EndpointTls& endpoint) {
  ssl::context hidden = TRY(client_tls_context(endpoint.ca_file));
  ssl::context shown = TRY(context_with_certificate(endpoint));
  return Contexts{std::move(hidden), std::move(shown), endpoint.owner};
}

Result<EndpointTlsContexts> EndpointTlsContexts::open(
    const EndpointTls& usual, const std::map<std::string, EndpointTls>& by_host) {
  EndpointTlsContexts contexts(TRY(contexts_for(usual)));
  for (const auto& [host, endpoint] : by_host) {
    contexts.by_host_.emplace(host, TRY(contexts_for(endpoint)));
  }
  return contexts;
}

const EndpointTlsContexts::Contexts& EndpointTlsContexts::contexts_of(
    const std::string& host) const {
  const auto own = by_host_.find(host);
  return own == by_host_.end() ? usual_ : own->second;
}

ssl::context& EndpointTlsContexts::of(const std::string& host, OwnCertificate own) {
  const auto found = by_host_.find(host);
  Contexts& contexts = found == by_host_.end() ? usual_ : found->second;
  return own == OwnCertificate::shown ? contexts.shown : contexts.hidden;
}

bool EndpointTlsContexts::may_show(const std::string& host, const std::string& owner,
                                   bool verified) const {
  return verified || (!owner.empty() && contexts_of(host).owner == owner);
}

}  // namespace cpl
