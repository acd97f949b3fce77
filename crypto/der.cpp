#include "crypto/der.hpp"

#include <openssl/crypto.h>

#include "crypto/encoding.hpp"
#include "crypto/result.hpp"

namespace cpl {
namespace {

constexpr unsigned char sequence = 0x30;
constexpr unsigned char bit_string = 0x03;
constexpr std::string_view ecdsa_with_sha256 = "300a06082a8648ce3d040302";

}  // namespace

Bytes der_header(unsigned char tag, std::size_t size) {
  check(size < 65'536);
  Bytes out(1, static_cast<char>(tag));
  if (size >= 256) out += '\x82';
  if (size >= 256) out += static_cast<char>(size >> 8U);
  if (size >= 128 && size < 256) out += '\x81';
  return out + static_cast<char>(size & 0xFFU);
}

Bytes der_signed(BytesView to_be_signed, BytesView ecdsa_signature) {
  const auto algorithm = from_hex(ecdsa_with_sha256);
  check(algorithm.has_value());
  // A bit string begins with how many bits of its last octet do not count.
  const Bytes bits = Bytes(1, '\0') + Bytes(ecdsa_signature);
  const Bytes inside =
      Bytes(to_be_signed) + *algorithm + der_header(bit_string, bits.size()) + bits;
  return der_header(sequence, inside.size()) + inside;
}

Bytes taken(unsigned char* der, int length) {
  check(length > 0);
  Bytes out(view_of(der, static_cast<std::size_t>(length)));
  OPENSSL_free(der);
  return out;
}

}  // namespace cpl
