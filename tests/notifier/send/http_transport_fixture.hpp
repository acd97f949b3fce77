// What the tests of webhooks' transport share: a receiver, and a message to it.
#pragma once

#include <catch2/catch.hpp>
#include <future>

#include "api/server/server.hpp"
#include "notifier/send/http_transport.hpp"

namespace cpl::testing {

using Outcome = Result<Delivered>;

inline IpAddress at(std::string_view text) { return parse_ip_address(text).value(); }

inline std::unique_ptr<HttpTransport> create(HttpTransportOptions options) {
  return HttpTransport::create(std::move(options)).value();
}

inline HttpTransportOptions lab() {
  HttpTransportOptions options;
  options.rules.lab_mode = true;
  return options;
}

inline std::future<Outcome> send(Transport& transport, OutgoingMessage message) {
  auto promise = std::make_shared<std::promise<Outcome>>();
  transport.send(std::move(message),
                 [promise](Outcome outcome) { promise->set_value(std::move(outcome)); });
  return promise->get_future();
}

inline Outcome deliver(Transport& transport, const std::string& url) {
  return send(transport,
              {.url = url, .method = "POST", .headers = {}, .body = "notice", .verified = true})
      .get();
}

inline std::string refusal_of(const Outcome& outcome) {
  return outcome ? "" : outcome.error().code;
}

inline std::unique_ptr<Server> receiver(HttpHandler handler,
                                        std::optional<ServerTls> tls = std::nullopt) {
  ServerOptions options;
  options.tls = std::move(tls);
  return Server::start(std::move(options), std::move(handler)).value();
}

inline std::string url_of(const Server& server, const std::string& path = "/hook") {
  return "http://127.0.0.1:" + std::to_string(server.port()) + path;
}

inline void answer(const HttpReply& reply, unsigned status, Bytes body = "") {
  HttpResponse response;
  response.status = status;
  response.body = std::make_shared<const Bytes>(std::move(body));
  reply(std::move(response));
}

inline void accept_all(HttpRequest, HttpReply reply) { answer(reply, 204); }

}  // namespace cpl::testing
