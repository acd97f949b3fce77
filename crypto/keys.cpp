#include "crypto/keys.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

thread_local std::uint64_t operations = 0;

// Points of small order, for which anyone can make signatures that verify (an all-zero placeholder
// is one of them), and coordinates that are not reduced. The sign bit is ignored.
bool is_weak_ed25519(BytesView raw) {
  static constexpr std::array<std::string_view, 4> small_order = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"};
  static constexpr std::string_view below_2_255 =
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
  Bytes y(raw);
  y.back() = static_cast<char>(y.back() & 0x7F);
  const std::string hex = to_hex(y);
  // The prime is 2^255 - 19, so -1 and everything not reduced have a first octet from ec to ff.
  const bool top = hex.substr(0, 2) >= "ec" && hex.substr(2) == below_2_255;
  return top || std::find(small_order.begin(), small_order.end(), hex) != small_order.end();
}

// What stands before the point in the one canonical encoding: the algorithm, the curve by name, and
// that the point is not compressed.
constexpr std::string_view p256_spki_begin =
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
constexpr std::size_t p256_spki_size = 91;

bool has_p256_form(BytesView der) {
  return der.size() == p256_spki_size &&
         to_hex(der.substr(0, p256_spki_begin.size() / 2)) == p256_spki_begin;
}

}  // namespace

std::uint64_t public_key_operations() { return operations; }
void count_public_key_operation() { ++operations; }

PublicKey::PublicKey(KeyAlgorithm algorithm, Bytes encoded, std::shared_ptr<EVP_PKEY> key)
    : algorithm_(algorithm), encoded_(std::move(encoded)), key_(std::move(key)) {}

Result<PublicKey> PublicKey::from_ed25519(BytesView raw) {
  count_public_key_operation();
  if (raw.size() != 32) {
    return malformed("key-malformed", "an Ed25519 public key has 32 octets, this one has " +
                                          std::to_string(raw.size()));
  }
  if (is_weak_ed25519(raw)) {
    return malformed("key-malformed", "this is a weak point, not anyone's Ed25519 public key");
  }
  return PublicKey(KeyAlgorithm::ed25519, Bytes(raw), ed25519_handle(raw));
}

Result<PublicKey> PublicKey::from_spki(BytesView der) {
  count_public_key_operation();
  auto key = has_p256_form(der) ? p256_handle(der) : std::nullopt;
  if (!key) {
    return malformed("key-malformed", "not the SubjectPublicKeyInfo of an ECDSA P-256 key in DER");
  }
  return PublicKey(KeyAlgorithm::ecdsa_p256, Bytes(der), *std::move(key));
}

}  // namespace cpl
