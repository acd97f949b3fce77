// The PKCS#11 modules through which tokens are reached, loaded by p11-kit. For crypto/token_*.cpp.
#pragma once

#include <vector>

#include "crypto/pkcs11/uri.hpp"

namespace cpl {

struct TokenModules {
  std::vector<CK_FUNCTION_LIST*> modules;
  std::shared_ptr<void> owner;  // Unloads them.
};

// The one module whose file the URI names; those of p11-kit's configuration where it names none.
Result<TokenModules> load_modules(const TokenUri& uri);

// A token that is present and made ready for use.
struct TokenSlot {
  CK_FUNCTION_LIST* module = nullptr;
  CK_SLOT_ID slot = 0;
  CK_TOKEN_INFO info{};

  std::string name() const;  // Its label in quotation marks.
};

// Those that the URI fits.
std::vector<TokenSlot> find_tokens(const TokenModules& loaded, const TokenUri& uri);
// The one that the URI fits.
Result<TokenSlot> find_token(const TokenModules& loaded, const TokenUri& uri);

}  // namespace cpl
