// What the Service Desk says in one statement: rehearsed, or signed and submitted in one step.
#pragma once

#include "registry/statement/statement.hpp"
#include "registry/tlog/trust_policy.hpp"
#include "tools/cpl/cli.hpp"
#include "tools/cpl/person_key.hpp"

namespace cpl {

struct DeskStatement {
  std::string origin;
  StatementBody body;
  std::string words;  // What it says, for a person: "version 2 of the list is loaded".
};

// The desk with its key, which is read once for all that it says. With --dry-run it has none: the
// registry is asked, and nothing is signed.
class DeskVoice {
 public:
  // Errors: `key-missing` where no key file is named; `wrong-role` where the key is none of the
  // desk's under the charter that the registry shows.
  static Result<DeskVoice> open(const Cli& cli, const std::string& key_file,
                                const TrustPolicy& policy);

  // The entry that it became; nothing where it was rehearsed. Errors: the registry's refusals.
  Result<std::optional<EntryIndex>> say(const DeskStatement& says) const;

 private:
  DeskVoice(const Cli& cli, const TrustPolicy& policy) : cli_(cli), policy_(policy) {}

  const Cli& cli_;
  const TrustPolicy& policy_;
  std::optional<PersonSigner> key_;
};

}  // namespace cpl
