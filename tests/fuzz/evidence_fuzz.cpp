#include "registry/evidence/verdict.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// Nothing made up can be valid: the key that the policy trusts was made for this process.
CPL_FUZZ_TARGET(evidence) {
  static const auto policy = TrustPolicy::of_log(
      NoteSigner::create("cpl.example/log", PrivateKey::generate(KeyAlgorithm::ed25519))
          ->verifier());
  const Verdict verdict = judge_file(input, policy, {});
  check(verdict.outcome == Outcome::invalid);
  check(!verdict.checks.empty() && !verdict.sentence.empty());
}

}  // namespace cpl::fuzz
