// What an attempt that brought no answer is called, and why, in words for who has to mend it.
#pragma once

#include <boost/system/error_code.hpp>

#include "crypto/result.hpp"

namespace cpl {

Error delivery_timed_out(std::string why = "the receiver did not answer in time");
Error delivery_tls_failed(const std::string& why);
Error not_connected(const boost::system::error_code& error, std::uint16_t port);
// Of a handshake in which no certificate is at fault.
Error handshake_failure(const boost::system::error_code& error);
// Once there is a connection.
Error exchange_failure(const boost::system::error_code& error);

}  // namespace cpl
