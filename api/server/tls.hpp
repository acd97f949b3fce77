// What the server shows its clients over TLS, and what it learns of them.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "api/server/server.hpp"

namespace cpl {

Result<boost::asio::ssl::context> server_tls_context(const ServerTls& files);

// The subject of the certificate that the client showed, verified, in RFC 2253 text; empty if none.
std::string client_certificate_subject(SSL* session);

}  // namespace cpl
