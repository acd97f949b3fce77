// The keys that this session signs with, and what the charter in force lets each of them sign.
#pragma once

#include "registry/list/list.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/cpl/person_key.hpp"

namespace cpl {

class HeldKeys {
 public:
  static Result<HeldKeys> read(const std::vector<std::string>& files);

  const std::vector<PersonSigner>& all() const { return keys_; }
  // "panel-1 and registrar-2"; empty where there is none.
  std::string names() const;
  // The first that has the role; null where none has.
  const PersonSigner* in(const Charter& charter, Role role) const;
  // The first that is one of these; null where none is.
  const PersonSigner* among(const std::vector<NoteVerifier>& keys) const;

 private:
  std::vector<PersonSigner> keys_;
};

// The charter in force, as the registry names it, and proven to be in its log under the policy.
Result<std::shared_ptr<const CharterRecord>> proven_charter(const HttpClient& client,
                                                            const TrustPolicy& policy);

}  // namespace cpl
