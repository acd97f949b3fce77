// One session with a token: logged in, looking for keys, using them. For crypto/token_*.cpp.
#pragma once

#include "crypto/pkcs11/key.hpp"
#include "crypto/pkcs11/module.hpp"

namespace cpl {

class TokenSession {
 public:
  // Logs in where the token wants it.
  static Result<std::unique_ptr<TokenSession>> open(TokenUri uri, AskPin ask_pin);
  ~TokenSession();
  TokenSession(const TokenSession&) = delete;
  TokenSession& operator=(const TokenSession&) = delete;

  const TokenUri& uri() const { return uri_; }
  const TokenSlot& token() const { return token_; }

  Result<std::vector<CK_OBJECT_HANDLE>> find(std::vector<CK_ATTRIBUTE> wanted) const;
  // Empty where the object has no such attribute.
  Bytes attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;
  std::optional<CK_ULONG> number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;
  std::optional<bool> flag(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;

  // One thread at a time: a session has one operation going.
  Result<Bytes> sign(CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE mechanism, BytesView data) const;
  // What the key and the one with that public point agree on, of `size` octets.
  Result<Bytes> agree(CK_OBJECT_HANDLE key, BytesView point, std::size_t size) const;

 private:
  TokenSession(TokenModules modules, TokenSlot token, TokenUri uri, AskPin ask_pin);
  Result<void> start();
  Result<void> log_in(CK_USER_TYPE user) const;
  CK_FLAGS flags_now() const;

  const TokenModules modules_;  // Constant after construction, as are all but session_.
  const TokenSlot token_;
  const TokenUri uri_;
  const AskPin ask_pin_;
  CK_SESSION_HANDLE session_ = CK_INVALID_HANDLE;  // Constant once started.
};

}  // namespace cpl
