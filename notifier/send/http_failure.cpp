#include "notifier/send/http_failure.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>

#include "notifier/send/tls_fault.hpp"

namespace cpl {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Code = boost::system::error_code;

Error unavailable(std::string code, std::string detail) {
  return Error{Errc::unavailable, std::move(code), std::move(detail), 0};
}

}  // namespace

Error delivery_timed_out(std::string why) {
  return unavailable("delivery-timed-out", std::move(why));
}

Error delivery_tls_failed(const std::string& why) {
  return unavailable("delivery-tls-failed", "no trusted TLS connection to the receiver: " + why);
}

Error not_connected(const Code& error, std::uint16_t port) {
  const std::string where = "port " + std::to_string(port) + " of the receiver's host";
  if (error == asio::error::connection_refused) {
    return unavailable("delivery-unreachable",
                       "nothing listens at " + where + " (connection refused)");
  }
  if (error == asio::error::timed_out) {
    return delivery_timed_out("no connection to " + where +
                              " in time: a firewall may drop what is sent there");
  }
  return unavailable("delivery-unreachable", "no connection to " + where + ": " + error.message());
}

Error handshake_failure(const Code& error) {
  if (error == beast::error::timeout) {
    return delivery_timed_out("the receiver did not agree on TLS in time");
  }
  return delivery_tls_failed(tls_error_words(error));
}

Error exchange_failure(const Code& error) {
  if (error == beast::error::timeout) return delivery_timed_out();
  if (error.category() == asio::error::get_ssl_category()) {
    return delivery_tls_failed(tls_error_words(error));
  }
  if (error.category() == make_error_code(beast::http::error::bad_method).category()) {
    return unavailable("delivery-answer-malformed",
                       "the receiver's answer is not HTTP within our limits: " + error.message());
  }
  return unavailable("delivery-unreachable", "the receiver cannot be reached: " + error.message());
}

}  // namespace cpl
