#include "crypto/pkcs11/session.hpp"

#include <cstring>

#include "crypto/pkcs11/error.hpp"

namespace cpl {
namespace {

constexpr std::size_t objects_max = 1024;
constexpr std::size_t signature_size_max = 512;

// PKCS#11 takes what it only reads without const.
CK_BYTE* unconst(BytesView bytes) { return const_cast<CK_BYTE*>(octets_of(bytes)); }

}  // namespace

TokenSession::TokenSession(TokenModules modules, TokenSlot token, TokenUri uri, AskPin ask_pin)
    : modules_(std::move(modules)),
      token_(token),
      uri_(std::move(uri)),
      ask_pin_(std::move(ask_pin)) {}

Result<std::unique_ptr<TokenSession>> TokenSession::open(TokenUri uri, AskPin ask_pin) {
  TokenModules modules = TRY(load_modules(uri));
  const TokenSlot token = TRY(find_token(modules, uri));
  std::unique_ptr<TokenSession> session(
      new TokenSession(std::move(modules), token, std::move(uri), std::move(ask_pin)));
  TRY_VOID(session->start());
  return session;
}

// Closing the last session logs out. A token that is gone cannot be told.
TokenSession::~TokenSession() {
  if (session_ != CK_INVALID_HANDLE) token_.module->C_CloseSession(session_);
}

Result<void> TokenSession::start() {
  const CK_RV returned =
      token_.module->C_OpenSession(token_.slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session_);
  if (returned != CKR_OK) {
    session_ = CK_INVALID_HANDLE;
    return token_error(returned, token_.name(), "a session was opened");
  }
  if ((token_.info.flags & CKF_LOGIN_REQUIRED) == 0) return {};
  return log_in(CKU_USER);
}

CK_FLAGS TokenSession::flags_now() const {
  CK_TOKEN_INFO info{};
  return token_.module->C_GetTokenInfo(token_.slot, &info) == CKR_OK ? info.flags : 0;
}

Result<void> TokenSession::log_in(CK_USER_TYPE user) const {
  CK_RV returned = CKR_OK;
  if ((token_.info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) {
    returned = token_.module->C_Login(session_, user, nullptr, 0);
  } else {
    const CK_FLAGS flags = flags_now();
    // Not even asked for: it would be given in vain.
    if ((flags & CKF_USER_PIN_LOCKED) != 0) {
      return login_error(CKR_PIN_LOCKED, token_.name(), flags);
    }
    const Secret pin = TRY(ask_pin_({token_.name(), uri_.pin_source(), tries_text(flags)}));
    returned = token_.module->C_Login(session_, user, unconst(pin.view()), pin.view().size());
  }
  if (returned == CKR_OK || returned == CKR_USER_ALREADY_LOGGED_IN) return {};
  return login_error(returned, token_.name(), flags_now());
}

Result<std::vector<CK_OBJECT_HANDLE>> TokenSession::find(std::vector<CK_ATTRIBUTE> wanted) const {
  std::array<CK_OBJECT_HANDLE, objects_max> objects{};
  CK_ULONG count = 0;
  CK_RV returned = token_.module->C_FindObjectsInit(session_, wanted.data(), wanted.size());
  if (returned == CKR_OK) {
    returned = token_.module->C_FindObjects(session_, objects.data(), objects.size(), &count);
    token_.module->C_FindObjectsFinal(session_);
  }
  if (returned != CKR_OK) return token_error(returned, token_.name(), "keys were looked for");
  return std::vector<CK_OBJECT_HANDLE>(objects.begin(), objects.begin() + count);
}

Bytes TokenSession::attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  CK_ATTRIBUTE asked{type, nullptr, 0};
  if (token_.module->C_GetAttributeValue(session_, object, &asked, 1) != CKR_OK) return {};
  Bytes value(asked.ulValueLen, '\0');
  asked.pValue = value.data();
  if (token_.module->C_GetAttributeValue(session_, object, &asked, 1) != CKR_OK) return {};
  value.resize(asked.ulValueLen);
  return value;
}

std::optional<CK_ULONG> TokenSession::number(CK_OBJECT_HANDLE object,
                                             CK_ATTRIBUTE_TYPE type) const {
  const Bytes value = attribute(object, type);
  CK_ULONG number = 0;
  if (value.size() != sizeof number) return std::nullopt;
  std::memcpy(&number, value.data(), sizeof number);
  return number;
}

std::optional<bool> TokenSession::flag(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  const Bytes value = attribute(object, type);
  if (value.size() != sizeof(CK_BBOOL)) return std::nullopt;
  return value[0] != '\0';
}

Result<Bytes> TokenSession::sign(CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE mechanism,
                                 BytesView data) const {
  const bool asks_each_time = flag(key, CKA_ALWAYS_AUTHENTICATE).value_or(false);
  CK_MECHANISM how{mechanism, nullptr, 0};
  CK_RV returned = token_.module->C_SignInit(session_, &how, key);
  if (returned != CKR_OK) return token_error(returned, token_.name(), "it was to sign");
  if (asks_each_time) TRY_VOID(log_in(CKU_CONTEXT_SPECIFIC));
  std::array<CK_BYTE, signature_size_max> signature{};
  CK_ULONG size = signature.size();
  returned = token_.module->C_Sign(session_, unconst(data), data.size(), signature.data(), &size);
  if (returned != CKR_OK) return token_error(returned, token_.name(), "it was signing");
  return Bytes(view_of(signature.data(), size));
}

Result<Bytes> TokenSession::agree(CK_OBJECT_HANDLE key, BytesView point, std::size_t size) const {
  CK_ECDH1_DERIVE_PARAMS with{CKD_NULL, 0, nullptr, point.size(), unconst(point)};
  CK_MECHANISM how{CKM_ECDH1_DERIVE, &with, sizeof with};
  CK_OBJECT_CLASS secret_key = CKO_SECRET_KEY;
  CK_KEY_TYPE generic = CKK_GENERIC_SECRET;
  CK_BBOOL no = CK_FALSE;
  CK_BBOOL yes = CK_TRUE;
  CK_ULONG length = size;
  std::array<CK_ATTRIBUTE, 6> wanted = {{{CKA_CLASS, &secret_key, sizeof secret_key},
                                         {CKA_KEY_TYPE, &generic, sizeof generic},
                                         {CKA_TOKEN, &no, sizeof no},
                                         {CKA_SENSITIVE, &no, sizeof no},
                                         {CKA_EXTRACTABLE, &yes, sizeof yes},
                                         {CKA_VALUE_LEN, &length, sizeof length}}};
  CK_OBJECT_HANDLE made = CK_INVALID_HANDLE;
  const CK_RV returned =
      token_.module->C_DeriveKey(session_, &how, key, wanted.data(), wanted.size(), &made);
  if (returned != CKR_OK) return agreement_error(returned, token_.name());
  Bytes shared = attribute(made, CKA_VALUE);
  token_.module->C_DestroyObject(session_, made);
  return shared;
}

}  // namespace cpl
