#include "registry/base/json.hpp"

#include <nlohmann/json.hpp>

#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

CPL_FUZZ_TARGET(json) {
  const auto json = parse_json(input);
  if (!json) return;
  const auto again = parse_json(json->dump());
  check(again.has_value());
  check(*again == *json);
}

}  // namespace cpl::fuzz
