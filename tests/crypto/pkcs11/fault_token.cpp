// A PKCS#11 module that is SoftHSM but for the fault that CPL_TEST_TOKEN_FAULT names: what a token
// does that is pulled out, locked, or broken.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

CK_FUNCTION_LIST* softhsm = nullptr;
CK_FUNCTION_LIST functions{};

bool fault_is(std::string_view name) {
  const char* set = std::getenv("CPL_TEST_TOKEN_FAULT");
  return set != nullptr && name == set;
}

CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV returned = softhsm->C_GetTokenInfo(slot, info);
  if (fault_is("final-try")) info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (fault_is("locked")) info->flags |= CKF_USER_PIN_LOCKED;
  if (fault_is("keypad")) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  return returned;
}

CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_BYTE* pin, CK_ULONG size) {
  if (fault_is("locks")) return CKR_PIN_LOCKED;
  if (fault_is("keypad")) {
    if (pin != nullptr || size != 0) return CKR_PIN_INCORRECT;
    std::string typed = "1234";
    return softhsm->C_Login(session, user, reinterpret_cast<CK_BYTE*>(typed.data()), typed.size());
  }
  return softhsm->C_Login(session, user, pin, size);
}

CK_RV get_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* asked,
                    CK_ULONG count) {
  if (asked->type != CKA_EC_POINT || !fault_is("bare-point")) {
    const CK_RV returned = softhsm->C_GetAttributeValue(session, object, asked, count);
    const bool is_use = asked->type == CKA_SIGN && returned == CKR_OK && asked->pValue != nullptr;
    if (is_use && fault_is("not-for-signing")) *static_cast<CK_BYTE*>(asked->pValue) = CK_FALSE;
    const bool is_secret = asked->type == CKA_VALUE && returned == CKR_OK;
    if (is_secret && fault_is("short-secret")) --asked->ulValueLen;
    if (is_secret && fault_is("wrong-secret") && asked->pValue != nullptr) {
      *static_cast<CK_BYTE*>(asked->pValue) ^= 1;
    }
    return returned;
  }
  std::array<CK_BYTE, 128> point{};
  CK_ATTRIBUTE whole{CKA_EC_POINT, point.data(), point.size()};
  const CK_RV returned = softhsm->C_GetAttributeValue(session, object, &whole, 1);
  if (returned != CKR_OK) return returned;
  asked->ulValueLen = whole.ulValueLen - 2;
  if (asked->pValue != nullptr) std::memcpy(asked->pValue, &point[2], asked->ulValueLen);
  return CKR_OK;
}

CK_RV derive_key(CK_SESSION_HANDLE session, CK_MECHANISM* how, CK_OBJECT_HANDLE key,
                 CK_ATTRIBUTE* wanted, CK_ULONG count, CK_OBJECT_HANDLE* made) {
  if (fault_is("not-permitted")) return CKR_KEY_FUNCTION_NOT_PERMITTED;
  if (fault_is("no-mechanism")) return CKR_MECHANISM_INVALID;
  if (fault_is("removed")) return CKR_DEVICE_REMOVED;
  return softhsm->C_DeriveKey(session, how, key, wanted, count, made);
}

CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM* how, CK_OBJECT_HANDLE key) {
  if (fault_is("not-permitted")) return CKR_KEY_FUNCTION_NOT_PERMITTED;
  if (fault_is("no-mechanism")) return CKR_MECHANISM_INVALID;
  return softhsm->C_SignInit(session, how, key);
}

CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG size, CK_BYTE* signature,
           CK_ULONG* signature_size) {
  if (fault_is("removed")) return CKR_DEVICE_REMOVED;
  const CK_RV returned = softhsm->C_Sign(session, data, size, signature, signature_size);
  if (fault_is("wrong-signature") && returned == CKR_OK) signature[0] ^= 1;
  if (fault_is("short-signature") && returned == CKR_OK) --*signature_size;
  return returned;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  void* library = dlopen(CPL_SOFTHSM, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return CKR_GENERAL_ERROR;
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"));
  if (get == nullptr || get(&softhsm) != CKR_OK) return CKR_GENERAL_ERROR;
  functions = *softhsm;
  functions.C_GetTokenInfo = &get_token_info;
  functions.C_Login = &log_in;
  functions.C_GetAttributeValue = &get_attribute;
  functions.C_DeriveKey = &derive_key;
  functions.C_SignInit = &sign_init;
  functions.C_Sign = &sign;
  *list = &functions;
  return CKR_OK;
}
