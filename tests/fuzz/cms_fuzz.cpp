#include "crypto/cms.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace cpl::fuzz {

// What opens was signed by the key of a certificate that reads.
CPL_FUZZ_TARGET(cms) {
  const auto opened = open_cms(input);
  if (!opened) return;
  const auto again = SigningCertificate::from_pem(opened->certificate.to_pem());
  check(again.has_value() && again->key() == opened->certificate.key());
}

}  // namespace cpl::fuzz
