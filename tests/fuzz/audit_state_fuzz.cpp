#include "crypto/hash.hpp"
#include "registry/audit/state.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// Rows that somebody made up, with the hash that they must end with: no ledger comes of them, since
// no log that the policy trusts has signed their checkpoint.
CPL_FUZZ_TARGET(audit_state) {
  static const auto policy = TrustPolicy::of_log(
      NoteSigner::create("cpl.example/log", PrivateKey::generate(KeyAlgorithm::ed25519))
          ->verifier());
  Bytes file = "cpl/audit-state/v4\n";
  file.append(input);
  file.append(sha256(file).view());
  check(!parse_audit_state(file, policy));
}

}  // namespace cpl::fuzz
