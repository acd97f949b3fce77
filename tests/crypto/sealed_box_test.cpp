// Sealed boxes: others' known answer, and that nothing but the right key, label and octets opens
// one.
#include "crypto/sealed_box.hpp"

#include <catch2/catch.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl::testing::sealed_box_test {

// Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation", submitted to NIST.
TEST_CASE("sealed box: the known answer of AES-256-GCM opens") {
  const auto key =
      hash_from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  REQUIRE(key);
  const auto label = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const auto box = from_hex(
      "cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  const auto text = SealingKey(*key).open(box.value(), label.value());
  REQUIRE(text);
  CHECK(to_hex(*text) ==
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
}

TEST_CASE("sealed box: what is sealed opens, and shows neither text nor that it is the same") {
  const SealingKey key = SealingKey::derive("secret", "purpose");
  for (const Bytes& text : {Bytes(), Bytes("a secret"), Bytes(100'000, 'x')}) {
    for (const Bytes& label : {Bytes(), Bytes("label")}) {
      const Bytes box = key.seal(text, label);
      CHECK(box.size() == text.size() + SealingKey::overhead);
      CHECK(key.open(box, label) == text);
      CHECK(key.seal(text, label) != box);
      CHECK((text.empty() || box.find(text) == Bytes::npos));
    }
  }
}

TEST_CASE(
    "sealed box: each flipped bit, another label, another key or a missing octet opens nothing") {
  const SealingKey key = SealingKey::derive("secret", "purpose");
  const Bytes box = key.seal("a secret", "label");
  for (std::size_t bit = 0; bit < box.size() * 8; ++bit) {
    Bytes altered = box;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    CHECK_FALSE(key.open(altered, "label"));
  }
  for (std::size_t size = 0; size < box.size(); ++size) {
    CHECK_FALSE(key.open(BytesView(box).substr(0, size), "label"));
  }
  CHECK_FALSE(key.open(box + "x", "label"));
  CHECK_FALSE(key.open(box, "labem"));
  CHECK_FALSE(key.open(box, ""));
  CHECK_FALSE(SealingKey::derive("secret", "purposf").open(box, "label"));
  CHECK_FALSE(SealingKey::derive("secreu", "purpose").open(box, "label"));
}

}  // namespace cpl::testing::sealed_box_test
