// HKDF: the known answer of RFC 5869.
#include "crypto/hkdf.hpp"

#include <catch2/catch.hpp>

#include "crypto/encoding.hpp"

namespace cpl::testing::hkdf_test {

// Appendix A.3: no salt, no info. The first 32 octets of the 42 there are the first block.
TEST_CASE("hkdf: the known answer of RFC 5869 without a salt") {
  const cpl::Bytes secret(22, '\x0b');
  CHECK(cpl::to_hex(cpl::hkdf_sha256(secret, "")) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST_CASE("hkdf: another secret or another purpose makes another key") {
  const cpl::Hash key = cpl::hkdf_sha256("secret", "purpose");
  CHECK(key == cpl::hkdf_sha256("secret", "purpose"));
  CHECK(key != cpl::hkdf_sha256("secret", "purposes"));
  CHECK(key != cpl::hkdf_sha256("secrets", "purpose"));
}

}  // namespace cpl::testing::hkdf_test
