#include "crypto/merkle.hpp"
#include "registry/tlog/tlog_proof.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// Any extra line of an application is dropped, so that it is read again and not compared.
CPL_FUZZ_TARGET(proof) {
  const auto proof = parse_tlog_proof(input);
  if (!proof) return;
  const Bytes written = format_tlog_proof(*proof);
  const auto again = parse_tlog_proof(written);
  check(again.has_value());
  check(format_tlog_proof(*again) == written);
  static_cast<void>(verify_inclusion(Hash{}, proof->index, TreeSize{proof->index.value + 1},
                                     proof->hashes, Hash{}));
}

}  // namespace cpl::fuzz
