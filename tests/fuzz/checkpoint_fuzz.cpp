#include "registry/tlog/checkpoint.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

CPL_FUZZ_TARGET(checkpoint) {
  const auto checkpoint = parse_checkpoint(input);
  if (!checkpoint) return;
  check(format_checkpoint(*checkpoint) == input);
}

}  // namespace cpl::fuzz
