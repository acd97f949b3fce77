#include "registry/minutes/minutes.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/minutes/json.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// Text only: of a PDF, Poppler reads the octets, and it has fuzzers of its own.
CPL_FUZZ_TARGET(minutes) {
  if (input.starts_with("%PDF")) return;
  const auto outline = read_minutes(input);
  if (!outline) return;
  check(is_utf8(minutes_outline_text(*outline)));
  check(!minutes_to_json(*outline).dump().empty());
}

}  // namespace cpl::fuzz
