// How an endpoint is told from an impostor, and what it is shown to tell the service from one.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <map>

#include "crypto/result.hpp"

namespace cpl {

struct EndpointTls {
  std::filesystem::path ca_file;  // Who may vouch for it, PEM. Empty: the system's authorities.
  // Shown to an endpoint that asks who calls; PEM, with those between it and its authority. Empty:
  // none.
  std::filesystem::path certificate_file;
  std::filesystem::path key_file;
};

// The settings of each endpoint, ready for use. Constant once opened.
class EndpointTlsContexts {
 public:
  // By host name, as TargetUrl spells it; `usual` for all others.
  static Result<EndpointTlsContexts> open(const EndpointTls& usual,
                                          const std::map<std::string, EndpointTls>& by_host);

  boost::asio::ssl::context& of(const std::string& host);

 private:
  explicit EndpointTlsContexts(boost::asio::ssl::context usual) : usual_(std::move(usual)) {}

  boost::asio::ssl::context usual_;
  std::map<std::string, boost::asio::ssl::context> by_host_;
};

}  // namespace cpl
