// The TLS settings of the whole program, in one place: TLS 1.2 or later, AEAD ciphers with forward
// secrecy only, no compression, no renegotiation.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <filesystem>

#include "crypto/result.hpp"

namespace cpl {

boost::asio::ssl::context strict_tls_context(boost::asio::ssl::context::method method);

// Verifies servers against the authorities of `ca_file` (PEM), or against the system's store when
// it is empty.
Result<boost::asio::ssl::context> client_tls_context(const std::filesystem::path& ca_file);

Error tls_file_unusable(std::string_view what, const std::filesystem::path& file,
                        const boost::system::error_code& reason);

}  // namespace cpl
