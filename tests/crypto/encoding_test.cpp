#include "crypto/encoding.hpp"

#include <catch2/catch.hpp>

#include "crypto/hash.hpp"

namespace cpl::testing::encoding_test {
namespace {

Bytes counting_bytes(std::size_t size) {
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(i * 37 + size));
  return bytes;
}

// Every text of `length` characters over `alphabet`.
std::vector<std::string> all_texts(std::string_view alphabet, std::size_t length) {
  std::vector<std::string> texts{""};
  for (std::size_t i = 0; i < length; ++i) {
    std::vector<std::string> longer;
    for (const std::string& text : texts) {
      for (const char c : alphabet) longer.push_back(text + c);
    }
    texts = std::move(longer);
  }
  return texts;
}

}  // namespace

TEST_CASE("hex: every octet survives the round trip, in lower case") {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  const std::string hex = to_hex(all);
  CHECK(hex.substr(0, 8) == "00010203");
  CHECK(hex.substr(hex.size() - 8) == "fcfdfeff");
  CHECK(from_hex(hex) == all);
  CHECK(from_hex("") == Bytes());
}

TEST_CASE("hex: upper case, odd length and anything but digits are refused") {
  for (const std::string_view text :
       {"A0", "0A", "0", "000", "0g", "0x00", " 00", "00 ", "-1", "+1", "0\n", "\xC3\xA9"}) {
    INFO(text);
    CHECK_FALSE(from_hex(text));
  }
  CHECK_FALSE(from_hex(std::string_view("0\0", 2)));
}

TEST_CASE("base64: the examples of RFC 4648 section 10 hold") {
  const std::map<std::string, std::string> examples = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
}

TEST_CASE("base64: octets of every length survive the round trip") {
  for (std::size_t size = 0; size <= 100; ++size) {
    const Bytes bytes = counting_bytes(size);
    CHECK(from_base64(to_base64(bytes)) == bytes);
  }
}

TEST_CASE("base64: each value has one spelling, all other texts are refused") {
  // The characters that matter: digits with and without low bits, both special digits, padding,
  // and what other decoders skip or take instead.
  for (const std::size_t length : {1U, 2U, 3U, 4U}) {
    for (const std::string& text : all_texts("ABgw/+=-_\n ", length)) {
      const auto bytes = from_base64(text);
      if (bytes && to_base64(*bytes) != text) FAIL("second spelling: " << text);
    }
  }
  for (const std::string_view text :
       {"Zg=", "Zg", "Zh==", "Zm9=", "Zm8", "Z===", "====", "=", "Zg==Zg==", "Zg==\n", "Zm9v\r\n",
        "Zm 9v", "Zm9v====", "Zm9vZ===", "Z=g=", "-_8=", "Zm9v=", "Zg=A"}) {
    INFO(text);
    CHECK_FALSE(from_base64(text));
  }
  CHECK_FALSE(from_base64(std::string_view("Zm9\0", 4)));
}

TEST_CASE("base64url: unpadded, with its own two digits") {
  CHECK(to_base64url("\xFB\xEF\xFF") == "--__");
  CHECK(to_base64url("f") == "Zg");
  CHECK(to_base64url("") == "");
}

TEST_CASE("decimal: zero, plain numbers and 2^63-1 are read") {
  CHECK(from_decimal("0") == 0);
  CHECK(from_decimal("7") == 7);
  CHECK(from_decimal("10") == 10);
  CHECK(from_decimal("70000") == 70'000);
  CHECK(from_decimal("9223372036854775807") == 9'223'372'036'854'775'807U);
}

TEST_CASE("decimal: signs, leading zeros, spaces and numbers beyond 2^63-1 are refused") {
  for (const std::string_view text : {"",
                                      "-0",
                                      "-1",
                                      "+1",
                                      "00",
                                      "01",
                                      "007",
                                      " 1",
                                      "1 ",
                                      "1\n",
                                      "1.0",
                                      "1e3",
                                      "0x1",
                                      "a",
                                      "1a",
                                      "9223372036854775808",
                                      "18446744073709551615",
                                      "18446744073709551616",
                                      "99999999999999999999999999999999",
                                      "\xD9\xA1"}) {
    INFO(text);
    CHECK_FALSE(from_decimal(text));
  }
  CHECK_FALSE(from_decimal(std::string_view("1\0", 2)));
}

TEST_CASE("big endian: what is appended is read back, highest octet first") {
  Bytes out;
  append_u16(out, 0x0102);
  append_u32(out, 0x03040506);
  append_u64(out, 0x0708090A0B0C0D0EU);
  CHECK(to_hex(out) == "0102030405060708090a0b0c0d0e");
  CHECK(read_big_endian(out.substr(0, 2)) == 0x0102);
  CHECK(read_big_endian(out.substr(6)) == 0x0708090A0B0C0D0EU);
  CHECK(read_big_endian("") == 0);
  CHECK(read_big_endian("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF") == ~std::uint64_t{0});
}

TEST_CASE("UTF-8: well-formed text of every sequence length is accepted") {
  for (const std::string_view text :
       {"", "plain", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "a\xE2\x80\x94z"}) {
    INFO(to_hex(text));
    CHECK(is_utf8(text));
  }
}

TEST_CASE("UTF-8: overlong forms, surrogates, cut and stray octets are refused") {
  for (const std::string_view text : {"\x80",
                                      "\xBF",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xC2",
                                      "\xC2\x41",
                                      "\xE0\x80\x80",
                                      "\xE0\x9F\xBF",
                                      "\xED\xA0\x80",
                                      "\xED\xBF\xBF",
                                      "\xE2\x80",
                                      "\xE2\x80z",
                                      "\xF0\x80\x80\x80",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xF0\x9F\x98",
                                      "\xFE",
                                      "\xFF",
                                      "ok\xFF",
                                      "\xC2\x80\x80"}) {
    INFO(to_hex(text));
    CHECK_FALSE(is_utf8(text));
  }
}

TEST_CASE("control characters are found wherever they stand among eight octets at a time") {
  for (const std::string_view plain : {"a", "\x20", "\x7F", "\x80", "\xC3\xA9", "\xFF"}) {
    for (std::size_t size = 0; size < 20; ++size) {
      std::string text;
      while (text.size() < size) text += plain;
      CHECK(uncontrolled_prefix_size(text) == text.size());
      for (std::size_t at = 0; at < text.size(); ++at) {
        for (const char control : {'\0', '\n', '\x1F'}) {
          std::string other = text;
          other[at] = control;
          CHECK(uncontrolled_prefix_size(other) == at);
        }
      }
    }
  }
}

TEST_CASE("printable: control characters of both blocks and DEL are refused unless allowed") {
  CHECK(is_printable_utf8("caf\xC3\xA9 \xE2\x80\x94 \xC2\xA0"));
  CHECK(is_printable_utf8("two\nlines", "\n"));
  for (const std::string_view text :
       {"a\nb", "\t", "\x1B[0m", "\x7F", "\xC2\x80", "\xC2\x9F", "\xC0\x80", "\xFF"}) {
    INFO(to_hex(text));
    CHECK_FALSE(is_printable_utf8(text));
  }
  CHECK_FALSE(is_printable_utf8("a\tb", "\n"));
  CHECK_FALSE(is_printable_utf8(std::string_view("a\0", 2), "\n"));
}

TEST_CASE("hash: only 32 octets are a hash, in each encoding") {
  const Hash hash = sha256("abc");
  CHECK(hash_from_bytes(hash.view()) == hash);
  CHECK(hash_from_hex(to_hex(hash)) == hash);
  CHECK(hash_from_base64(to_base64(hash)) == hash);
  for (const std::size_t size : {0U, 31U, 33U, 64U}) {
    const Bytes bytes(size, 'x');
    CHECK_FALSE(hash_from_bytes(bytes));
    CHECK_FALSE(hash_from_hex(to_hex(bytes)));
    CHECK_FALSE(hash_from_base64(to_base64(bytes)));
  }
}

TEST_CASE("encoding: counted nouns") {
  CHECK(counted(0, "model") == "0 models");
  CHECK(counted(1, "model") == "1 model");
  CHECK(counted(1, "entry") == "1 entry");
  CHECK(counted(2, "entry") == "2 entries");
  CHECK(counted(2, "key") == "2 keys");
  CHECK(counted(20, "day") == "20 days");
}

TEST_CASE("hash: SHA-256 and its HMAC agree with FIPS 180 and RFC 4231") {
  CHECK(to_hex(sha256("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256({"a", "", "bc"}) == sha256("abc"));
  CHECK(to_base64(sha256("")) == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  CHECK(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac_sha256("", "") == hmac_sha256({}, {}));
}

TEST_CASE("hash: secrets are equal only when every octet is") {
  CHECK(equal_in_constant_time("", ""));
  CHECK(equal_in_constant_time("secret", "secret"));
  CHECK_FALSE(equal_in_constant_time("secret", "secreT"));
  CHECK_FALSE(equal_in_constant_time("secret", "secre"));
  CHECK(random_bytes(32).size() == 32);
  CHECK(random_bytes(32) != random_bytes(32));
}

}  // namespace cpl::testing::encoding_test
