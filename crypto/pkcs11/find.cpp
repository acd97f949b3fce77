#include "crypto/pkcs11/find.hpp"

namespace cpl {

Result<std::vector<FoundKey>> find_token_keys(const TokenSession& session) {
  CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
  std::vector<FoundKey> found;
  for (const CK_OBJECT_HANDLE handle :
       TRY(session.find({{CKA_CLASS, &private_key, sizeof private_key}}))) {
    Bytes label = session.attribute(handle, CKA_LABEL);
    Bytes id = session.attribute(handle, CKA_ID);
    std::array<CK_ATTRIBUTE, 3> named = {{{CKA_CLASS, &private_key, sizeof private_key},
                                          {CKA_LABEL, label.data(), label.size()},
                                          {CKA_ID, id.data(), id.size()}}};
    if (!session.uri().fits_key(named)) continue;
    found.push_back({handle, session.uri().of_key(session.token().info, named), label});
  }
  return found;
}

Result<FoundKey> find_token_key(const TokenSession& session) {
  const auto found = TRY(find_token_keys(session));
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return Error{Errc::not_found, "token-key-missing",
                 "no private key in the token " + session.token().name() +
                     " fits the URI; cpl key pkcs11 --list shows those that there are"};
  }
  std::string all;
  for (const FoundKey& key : found) all += "\n" + key.uri;
  return refuse("token-key-ambiguous", "more than one private key in the token " +
                                           session.token().name() +
                                           " fits the URI. Name one of these:" + all);
}

}  // namespace cpl
