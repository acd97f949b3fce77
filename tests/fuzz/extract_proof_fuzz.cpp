#include "registry/extract/proof.hpp"
#include "registry/extract/verdict.hpp"
#include "registry/shelf/extract_shelf.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// The small JSON files beside an extract: a proof, a publication, what is held.
CPL_FUZZ_TARGET(extract_proof) {
  if (const auto proof = parse_extract_proof(input)) {
    const auto again = parse_extract_proof(format_extract_proof(*proof));
    check(again.has_value() && format_extract_proof(*again) == format_extract_proof(*proof));
  }
  if (const auto publication = parse_extract_publication(input)) {
    check(parse_extract_publication(format_extract_publication(*publication)).has_value());
  }
  if (const auto held = parse_held_extract(input)) {
    check(*parse_held_extract(format_held_extract(*held)) == *held);
  }
}

}  // namespace cpl::fuzz
