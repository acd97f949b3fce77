#include "registry/tlog/trust_policy.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

CPL_FUZZ_TARGET(policy) {
  const auto policy = TrustPolicy::parse(input);
  if (!policy) return;
  check(!policy->logs().empty());
  std::vector<std::string> all;
  for (const auto& witness : policy->witnesses()) all.push_back(witness.name);
  check(policy->quorum_holds(all));
}

}  // namespace cpl::fuzz
