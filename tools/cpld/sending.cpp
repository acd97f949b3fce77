#include "tools/cpld/sending.hpp"

#include "registry/base/descriptors.hpp"
#include "tools/cpld/own_addresses.hpp"

namespace cpl {
namespace {

// An eighth of what the transport has under way at a time by default.
constexpr std::size_t attempts_of_one_owner = 32;

Result<HttpTransportOptions> transport_options(const Config& config) {
  HttpTransportOptions options;
  options.rules.lab_mode = config.lab_mode;
  const DescriptorShares shares = share_descriptors();
  options.in_flight_max = shares.sending;
  options.idle_max = shares.kept;
  if (const auto listening = parse_ip_address(config.address)) {
    options.rules.own_addresses = TRY(own_public_addresses(*listening));
  }
  for (const EndpointConfig& endpoint : config.endpoints) {
    if (endpoint.host.empty()) {
      options.tls = endpoint.tls;
    } else {
      options.tls_by_host[endpoint.host] = endpoint.tls;
    }
  }
  return options;
}

}  // namespace

Result<void> check_sending(const Config& config) {
  const HttpTransportOptions options = TRY(transport_options(config));
  TRY(EndpointTlsContexts::open(options.tls, options.tls_by_host));
  return {};
}

void Sending::stop() {
  parties->stop();
  service_desk->stop();
  mail.stop();
}

Result<Sending> open_sending(const Config& config, const Clock& clock, const Bytes& notice_key) {
  const HttpTransportOptions options = TRY(transport_options(config));
  Sending sending;
  sending.rules = options.rules;
  sending.parties = TRY(HttpTransport::create(options));
  sending.gate = std::make_unique<PerOwnerLimit>(*sending.parties, attempts_of_one_owner);
  sending.service_desk = TRY(HttpTransport::create(options));
  sending.mail = TRY(open_mailing(config, clock, notice_key));
  sending.channels = std::make_unique<ChannelRouter>(*sending.gate, *sending.service_desk,
                                                     sending.mail.channel.get());
  return sending;
}

}  // namespace cpl
