#include "crypto/pkcs11/error.hpp"

#include <p11-kit/p11-kit.h>

namespace cpl {
namespace {

Error no(Errc errc, std::string code, std::string detail) {
  return Error{errc, std::move(code), std::move(detail)};
}

Error locked_error(const std::string& token) {
  return no(Errc::unauthorized, "token-pin-locked",
            "the token " + token +
                " is locked: the PIN was wrong too often. Who holds its PUK or security officer's "
                "PIN can unlock it; if it stays locked, have the charter name another key");
}

}  // namespace

std::string tries_text(CK_FLAGS flags) {
  if ((flags & CKF_USER_PIN_FINAL_TRY) != 0) return "one more wrong PIN locks the token";
  if ((flags & CKF_USER_PIN_COUNT_LOW) != 0)
    return "wrong PINs were given since the last right one";
  return "";
}

Error token_error(CK_RV returned, const std::string& token, std::string_view doing) {
  switch (returned) {
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_SESSION_CLOSED:
    case CKR_SESSION_HANDLE_INVALID:
    case CKR_KEY_HANDLE_INVALID:  // These two are what is left after it was put back, too.
    case CKR_USER_NOT_LOGGED_IN:
      return no(Errc::unavailable, "token-removed",
                "the token " + token + " was taken out or reset while " + std::string(doing) +
                    ": put it in and do it again");
    case CKR_KEY_FUNCTION_NOT_PERMITTED:
      return no(Errc::unauthorized, "token-key-cannot-sign",
                "the token " + token +
                    " does not let this key sign: it was made for another use. Name one that may "
                    "sign, or make one");
    case CKR_MECHANISM_INVALID:
    case CKR_MECHANISM_PARAM_INVALID:
      return no(Errc::unavailable, "token-mechanism-missing",
                "the token " + token +
                    " cannot sign with this kind of key (CKM_ECDSA for P-256, CKM_EDDSA for "
                    "Ed25519): use another token, or a P-256 key");
    default:
      return no(Errc::unavailable, "token-failed",
                "the token " + token + " failed while " + std::string(doing) + ": " +
                    p11_kit_strerror(returned) + " (CKR " + std::to_string(returned) + ")");
  }
}

Error login_error(CK_RV returned, const std::string& token, CK_FLAGS flags) {
  if (returned == CKR_PIN_LOCKED || (flags & CKF_USER_PIN_LOCKED) != 0) return locked_error(token);
  if (returned == CKR_USER_PIN_NOT_INITIALIZED) {
    return no(Errc::conflict, "token-not-ready",
              "the token " + token + " has no PIN yet: set one with its maker's tool");
  }
  if (returned == CKR_PIN_INCORRECT || returned == CKR_PIN_INVALID ||
      returned == CKR_PIN_LEN_RANGE) {
    const std::string tries = tries_text(flags);
    return no(Errc::unauthorized, "token-pin-wrong",
              "the PIN is not that of the token " + token +
                  ". It was tried once and is not tried again by itself: tokens count wrong tries "
                  "and lock at a limit of their own" +
                  (tries.empty() ? ", and this one does not tell how many are left"
                                 : "; it says that " + tries));
  }
  return token_error(returned, token, "it was given the PIN");
}

Error agreement_error(CK_RV returned, const std::string& token) {
  switch (returned) {
    case CKR_KEY_FUNCTION_NOT_PERMITTED:
      return no(Errc::unauthorized, "token-key-cannot-derive",
                "the token " + token +
                    " does not let this key open secrets: it was made for another use. Name one "
                    "that may derive, or make one");
    case CKR_MECHANISM_INVALID:
      return no(Errc::unavailable, "token-mechanism-missing",
                "the token " + token + " cannot open secrets (CKM_ECDH1_DERIVE): use another");
    case CKR_MECHANISM_PARAM_INVALID:
    case CKR_ARGUMENTS_BAD:
      return malformed(
          "token-secret-not-opened",
          "the token " + token + " does not take the sender's public key: the file was altered");
    default:
      return token_error(returned, token, "it was opening a secret");
  }
}

}  // namespace cpl
