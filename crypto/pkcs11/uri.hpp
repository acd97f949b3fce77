// PKCS#11 URIs (RFC 7512): which token, which key in it, by which module, and where the PIN is.
// For crypto/token_*.cpp; everybody else names keys by the URI's text.
#pragma once

#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include <memory>
#include <span>
#include <string>

#include "crypto/result.hpp"

namespace cpl {

class TokenUri {
 public:
  // Refuses a PIN in it, and what would be passed over: an attribute that nobody here knows.
  static Result<TokenUri> parse(const std::string& text);

  const std::string& text() const { return text_; }
  std::string module_path() const;  // Empty: any that p11-kit knows. So for the next two.
  std::string module_name() const;
  std::string pin_source() const;

  bool fits_token(const CK_TOKEN_INFO& token) const;
  bool fits_key(std::span<const CK_ATTRIBUTE> attributes) const;

  // This URI, narrowed to the token, or to the one key in it.
  std::string of_token(const CK_TOKEN_INFO& token) const;
  std::string of_key(const CK_TOKEN_INFO& token, std::span<CK_ATTRIBUTE> attributes) const;

 private:
  TokenUri(std::string text, std::shared_ptr<P11KitUri> uri);

  std::string text_;
  std::shared_ptr<P11KitUri> uri_;  // Constant after construction.
};

}  // namespace cpl
