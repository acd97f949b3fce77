// How an endpoint is told from an impostor, and what it is shown to tell the service from one.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <map>

#include "crypto/result.hpp"

namespace cpl {

// A certificate of ours names us to whoever asks: it is for receivers that are known.
enum class OwnCertificate : std::uint8_t { hidden, shown };

struct EndpointTls {
  std::filesystem::path ca_file;  // Who may vouch for it, PEM. Empty: the system's authorities.
  // Shown to an endpoint that asks who calls; PEM, with those between it and its authority. Empty:
  // none.
  std::filesystem::path certificate_file;
  std::filesystem::path key_file;
  // The owner whose receiver is shown it already while it is verified; empty: nobody's.
  std::string owner{};
};

// The settings of each endpoint, ready for use. Constant once opened.
class EndpointTlsContexts {
 public:
  // By host name, as TargetUrl spells it; `usual` for all others.
  static Result<EndpointTlsContexts> open(const EndpointTls& usual,
                                          const std::map<std::string, EndpointTls>& by_host);

  boost::asio::ssl::context& of(const std::string& host, OwnCertificate own);
  // Whether what is sent for that owner there may come with our certificate: anybody may name any
  // URL of a host, so that it has to be verified, or its owner be named by the operator.
  bool may_show(const std::string& host, const std::string& owner, bool verified) const;

 private:
  struct Contexts {
    boost::asio::ssl::context hidden;
    boost::asio::ssl::context shown;
    std::string owner;
  };

  static Result<Contexts> contexts_for(const EndpointTls& endpoint);
  explicit EndpointTlsContexts(Contexts usual) : usual_(std::move(usual)) {}

  const Contexts& contexts_of(const std::string& host) const;

  Contexts usual_;
  std::map<std::string, Contexts> by_host_;
};

}  // namespace cpl
