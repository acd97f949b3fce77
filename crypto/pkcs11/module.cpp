#include "crypto/pkcs11/module.hpp"

#include <p11-kit/p11-kit.h>

#include <cstdlib>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t slots_max = 256;

Error module_error(std::string detail) {
  return Error{Errc::unavailable, "token-module-missing", std::move(detail)};
}

std::string last_message() {
  const char* message = p11_kit_message();
  return message == nullptr ? "no reason was given" : message;
}

Result<TokenModules> load_file(const std::string& path) {
  CK_FUNCTION_LIST* module = p11_kit_module_load(path.c_str(), 0);
  if (module == nullptr) {
    return module_error("the PKCS#11 module " + path + " cannot be loaded: " + last_message() +
                        ". Install it, or mend module-path in the URI");
  }
  if (const CK_RV returned = p11_kit_module_initialize(module); returned != CKR_OK) {
    p11_kit_module_release(module);
    return module_error("the PKCS#11 module " + path +
                        " does not start: " + p11_kit_strerror(returned));
  }
  const auto unload = [](void* loaded) {
    auto* functions = static_cast<CK_FUNCTION_LIST*>(loaded);
    p11_kit_module_finalize(functions);
    p11_kit_module_release(functions);
  };
  return TokenModules{{module}, std::shared_ptr<void>(module, unload)};
}

Result<TokenModules> load_configured(const std::string& name) {
  CK_FUNCTION_LIST** all = p11_kit_modules_load_and_initialize(0);
  if (all == nullptr) return module_error("p11-kit loads no module: " + last_message());
  const auto unload = [](void* loaded) {
    p11_kit_modules_finalize_and_release(static_cast<CK_FUNCTION_LIST**>(loaded));
  };
  TokenModules loaded{{}, std::shared_ptr<void>(all, unload)};
  for (CK_FUNCTION_LIST** module = all; *module != nullptr; ++module) {
    const std::unique_ptr<char, decltype(&std::free)> own_name(p11_kit_module_get_name(*module),
                                                               &std::free);
    if (name.empty() || (own_name != nullptr && name == own_name.get())) {
      loaded.modules.push_back(*module);
    }
  }
  if (loaded.modules.empty()) {
    return module_error(
        "p11-kit knows no PKCS#11 module" + (name.empty() ? "" : " called " + name) +
        ": install the token's (as opensc-pkcs11 for smart cards), or name its file by "
        "?module-path=FILE at the end of the URI");
  }
  return loaded;
}

std::vector<TokenSlot> present_tokens(const TokenModules& loaded) {
  std::vector<TokenSlot> present;
  for (CK_FUNCTION_LIST* module : loaded.modules) {
    std::array<CK_SLOT_ID, slots_max> slots{};
    CK_ULONG count = slots.size();
    if (module->C_GetSlotList(CK_TRUE, slots.data(), &count) != CKR_OK) continue;
    for (const CK_SLOT_ID slot : std::span(slots).first(count)) {
      TokenSlot token{module, slot, {}};
      if (module->C_GetTokenInfo(slot, &token.info) != CKR_OK) continue;
      if ((token.info.flags & CKF_TOKEN_INITIALIZED) != 0) present.push_back(token);
    }
  }
  return present;
}

std::string names_of(const std::vector<TokenSlot>& tokens) {
  std::string names;
  for (const TokenSlot& token : tokens) names += (names.empty() ? "" : ", ") + token.name();
  return names;
}

}  // namespace

std::string TokenSlot::name() const {
  const std::size_t size = p11_kit_space_strlen(info.label, sizeof info.label);
  const std::string label(view_of(info.label, size));
  return "\"" + (is_printable_utf8(label) ? label : to_hex(label)) + "\"";
}

Result<TokenModules> load_modules(const TokenUri& uri) {
  p11_kit_be_quiet();  // What it would print, the errors here say.
  return uri.module_path().empty() ? load_configured(uri.module_name())
                                   : load_file(uri.module_path());
}

std::vector<TokenSlot> find_tokens(const TokenModules& loaded, const TokenUri& uri) {
  std::vector<TokenSlot> found;
  for (const TokenSlot& token : present_tokens(loaded)) {
    if (uri.fits_token(token.info)) found.push_back(token);
  }
  return found;
}

Result<TokenSlot> find_token(const TokenModules& loaded, const TokenUri& uri) {
  const auto found = find_tokens(loaded, uri);
  if (found.size() == 1) return found.front();
  if (!found.empty()) {
    // A PIN is never tried on a token that it may not be for.
    return refuse("token-ambiguous", "more than one token fits the URI: " + names_of(found) +
                                         ". Name one by token=, or by serial=");
  }
  const auto present = present_tokens(loaded);
  return Error{Errc::unavailable, "token-missing",
               present.empty()
                   ? "no token is there: put it in, and see that its PKCS#11 module is installed"
                   : "no token fits the URI; there are: " + names_of(present)};
}

}  // namespace cpl
