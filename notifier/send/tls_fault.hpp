// Why there is no trusted TLS connection, in words for whoever has to mend it. What the other side
// says of itself is cut short, and has nothing but printable ASCII.
#pragma once

#include <boost/asio/ssl/verify_context.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <string>

namespace cpl {

// What is wrong with a certificate, by the number of the X.509 verifier: "has expired". Empty for
// none.
std::string certificate_fault(long verify_result);

// For `set_verify_callback`: decides nothing, and keeps the first fault that the verifier finds.
class CertificateWitness final {
 public:
  explicit CertificateWitness(std::string host) : host_(std::move(host)) {}

  bool operator()(bool verified, boost::asio::ssl::verify_context& context) const;
  const std::string& fault() const { return *fault_; }  // A sentence without its subject's end.

 private:
  std::string host_;
  std::shared_ptr<std::string> fault_ = std::make_shared<std::string>();  // Of all copies.
};

// What the error of a handshake, or of what follows it, means where no certificate is at fault.
std::string tls_error_words(const boost::system::error_code& error);

// Printable ASCII alone, at most so many characters.
std::string plain_words(std::string_view text, std::size_t size_max);

}  // namespace cpl
