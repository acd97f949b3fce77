#include <nlohmann/json.hpp>

#include "registry/event/event_check.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// An event as anybody may send one: none is believed, since the key that is trusted was made here.
CPL_FUZZ_TARGET(event) {
  static const auto policy = TrustPolicy::of_log(
      NoteSigner::create("cpl.example/log", PrivateKey::generate(KeyAlgorithm::ed25519))
          ->verifier());
  const auto json = parse_json(input);
  if (!json) return;
  EventChecker checker(policy);
  check(!checker.check(*json));
}

}  // namespace cpl::fuzz
