#include "crypto/keys.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "tests/support/shared_data.hpp"

namespace cpl::testing::keys_test {
namespace {

using Json = nlohmann::json;

Bytes hex(std::string_view text) {
  auto bytes = from_hex(text);
  REQUIRE(bytes);
  return *std::move(bytes);
}

// One P-256 key (made for this test) in the encodings that OpenSSL can write.
const std::string point_x = "d3fc87914c393f1c04ca272dc97cd34ea31f8f4860fd28ac64afc30f91ec4b45";
const std::string point_y = "c546c4351665d946e6370ada2f323c80a3190982eff986bdb364a355ac7d1538";
const std::string p256_head = "06072a8648ce3d020106082a8648ce3d030107";
const std::string p256_spki = "30593013" + p256_head + "03420004" + point_x + point_y;
const std::string p256_explicit =
    "3082014b3082010306072a8648ce3d02013081f7020101302c06072a8648ce3d0101022100ffffffff0000000100"
    "0000000000000000000000ffffffffffffffffffffffff305b0420ffffffff000000010000000000000000000000"
    "00fffffffffffffffffffffffc04205ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d260"
    "4b031500c49d360886e704936a6678e1139d26b7819f7e900441046b17d1f2e12c4247f8bce6e563a440f277037d"
    "812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f502"
    "2100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551020101034200"
    "04" +
    point_x + point_y;
// The same key in the older SEC 1 form, which openssl ecparam writes.
constexpr std::string_view p256_sec1_pem =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MHcCAQEEILNjQaZ4kvck28qAofwsMX6vAkIQnaPD+XCzWzeMjrlYoAoGCCqGSM49\n"
    "AwEHoUQDQgAE0/yHkUw5PxwEyictyXzTTqMfj0hg/SisZK/DD5HsS0XFRsQ1FmXZ\n"
    "RuY3CtovMjyAoxkJgu/5hr2zZKNVrH0VOA==\n"
    "-----END EC PRIVATE KEY-----\n";

// Runs each case of a Wycheproof file; `key_of` reads a group's public key.
template <class KeyOf>
void run_wycheproof(const std::string& name, KeyOf key_of) {
  const auto file = shared_file("vectors/" + name);
  if (!file) return;
  const Json json = Json::parse(*file);
  std::size_t count = 0;
  for (const Json& group : json.at("testGroups")) {
    const Result<PublicKey> key = key_of(group);
    for (const Json& test : group.at("tests")) {
      const bool valid = test.at("result") == "valid";
      const bool verifies = key && key->verify(hex(test.at("msg").get<std::string>()),
                                               hex(test.at("sig").get<std::string>()));
      INFO("case " << test.at("tcId") << ": " << test.at("comment"));
      CHECK(verifies == valid);
      ++count;
    }
  }
  CHECK(count == json.at("numberOfTests").get<std::size_t>());
}

}  // namespace

TEST_CASE("keys: a private key that a pass phrase locks opens with that alone") {
  for (const auto algorithm : {KeyAlgorithm::ed25519, KeyAlgorithm::ecdsa_p256}) {
    const PrivateKey key = PrivateKey::generate(algorithm);
    const std::string pem = key.to_pem("four plain words");
    CHECK(is_locked_pem(pem));
    CHECK_FALSE(is_locked_pem(key.to_pem()));
    const auto opened = PrivateKey::from_pem(pem, "four plain words");
    REQUIRE(opened);
    CHECK(opened->public_key() == key.public_key());
    CHECK(PrivateKey::from_pem(pem, "four plain word").error().code == "pass-phrase-wrong");
    CHECK(PrivateKey::from_pem(pem).error().code == "key-locked");
    CHECK(PrivateKey::from_pem(key.to_pem(), "not needed"));
    CHECK(key.to_pem("four plain words") != pem);
  }
}

TEST_CASE("keys: Ed25519 signs as RFC 8032 section 7.1 test 1 says") {
  const auto key = PrivateKey::from_ed25519_seed(
      hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  REQUIRE(key);
  CHECK(to_hex(key->public_key().encoded()) ==
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const Bytes signature = key->sign("");
  CHECK(to_hex(signature) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b46bd25bf5f0595bbe24655141438e7a100b");
  CHECK(key->public_key().verify("", signature));
}

TEST_CASE("keys: Wycheproof's Ed25519 cases verify or fail as stated") {
  run_wycheproof("wycheproof-ed25519.json", [](const Json& group) {
    return PublicKey::from_ed25519(hex(group.at("publicKey").at("pk").get<std::string>()));
  });
}

TEST_CASE("keys: Wycheproof's ECDSA P-256 cases verify or fail as stated") {
  run_wycheproof("wycheproof-ecdsa-p256-sha256.json", [](const Json& group) {
    return PublicKey::from_spki(hex(group.at("publicKeyDer").get<std::string>()));
  });
}

TEST_CASE("keys: what a key signs verifies, and with one bit changed does not") {
  const auto algorithm = GENERATE(KeyAlgorithm::ed25519, KeyAlgorithm::ecdsa_p256);
  const PrivateKey key = PrivateKey::generate(algorithm);
  const Bytes message = "remove ESME-1063-00050203-38040404";
  const Bytes signature = key.sign(message);
  const PublicKey& reader = key.public_key();
  CHECK(reader.algorithm() == algorithm);
  REQUIRE(reader.verify(message, signature));
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    Bytes forged = signature;
    forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << (bit % 8)));
    if (reader.verify(message, forged)) FAIL("bit " << bit << " of the signature does not matter");
  }
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    Bytes forged = message;
    forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << (bit % 8)));
    if (reader.verify(forged, signature)) FAIL("bit " << bit << " of the message does not matter");
  }
  CHECK_FALSE(PrivateKey::generate(algorithm).public_key().verify(message, signature));
}

TEST_CASE("keys: signatures of a wrong size never verify") {
  const auto algorithm = GENERATE(KeyAlgorithm::ed25519, KeyAlgorithm::ecdsa_p256);
  const PrivateKey key = PrivateKey::generate(algorithm);
  const Bytes signature = key.sign("text");
  CHECK_FALSE(key.public_key().verify("text", {}));
  CHECK_FALSE(key.public_key().verify({}, {}));
  for (std::size_t size = 0; size < signature.size(); ++size) {
    CHECK_FALSE(key.public_key().verify("text", signature.substr(0, size)));
  }
  CHECK_FALSE(key.public_key().verify("text", signature + '\0'));
  CHECK_FALSE(key.public_key().verify("text", signature + signature));
}

TEST_CASE("keys: raw material of a wrong length is refused") {
  for (const std::size_t size : {0U, 31U, 33U, 64U}) {
    CHECK_FALSE(PublicKey::from_ed25519(Bytes(size, 'k')));
    CHECK_FALSE(PrivateKey::from_ed25519_seed(Bytes(size, 'k')));
  }
  CHECK(PublicKey::from_ed25519(Bytes(31, 'k')).error().code == "key-malformed");
}

TEST_CASE("keys: Ed25519 points that would let anyone sign are refused, with either sign bit") {
  const std::string ones(60, 'f');
  for (std::string y :
       {std::string(64, '0'), "01" + std::string(62, '0'),
        std::string("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        std::string("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        "ec" + ones + "7f", "ed" + ones + "7f", "ee" + ones + "7f", "ff" + ones + "7f"}) {
    INFO(y);
    Bytes raw = hex(y);
    CHECK_FALSE(PublicKey::from_ed25519(raw));
    raw.back() = static_cast<char>(raw.back() | 0x80);
    CHECK_FALSE(PublicKey::from_ed25519(raw));
  }
  CHECK(PublicKey::from_ed25519(hex("eb" + ones + "7f")));
  CHECK(PublicKey::from_ed25519(hex("ed" + ones + "7e")));
}

TEST_CASE("keys: a P-256 key is read from its one canonical encoding only") {
  REQUIRE(PublicKey::from_spki(hex(p256_spki)));
  CHECK(to_hex(PublicKey::from_spki(hex(p256_spki))->encoded()) == p256_spki);
  const std::string compressed = "30393013" + p256_head + "03220002" + point_x;
  const std::string hybrid = "30593013" + p256_head + "03420006" + point_x + point_y;
  CHECK_FALSE(PublicKey::from_spki(hex(compressed)));
  CHECK_FALSE(PublicKey::from_spki(hex(hybrid)));
  CHECK_FALSE(PublicKey::from_spki(hex(p256_explicit)));
  CHECK_FALSE(PublicKey::from_spki(hex(p256_spki + "00")));
  CHECK_FALSE(PublicKey::from_spki(hex(p256_spki.substr(0, p256_spki.size() - 2))));
  CHECK_FALSE(PublicKey::from_spki({}));
  // A point that is not on the curve.
  CHECK_FALSE(PublicKey::from_spki(hex("30593013" + p256_head + "03420004" + point_x + point_x)));
}

TEST_CASE("keys: public keys of other kinds are refused") {
  // Ed25519 and secp256k1 in SubjectPublicKeyInfo form (the latter's generator).
  CHECK_FALSE(PublicKey::from_spki(
      hex("302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511"
          "a")));
  CHECK_FALSE(PublicKey::from_spki(
      hex("3056301006072a8648ce3d020106052b8104000a0342000479be667ef9dcbbac55a06295ce870b07029bfcdb"
          "2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b"
          "8")));
}

TEST_CASE("keys: a private key survives its PEM file") {
  const auto algorithm = GENERATE(KeyAlgorithm::ed25519, KeyAlgorithm::ecdsa_p256);
  const PrivateKey key = PrivateKey::generate(algorithm);
  const std::string pem = key.to_pem();
  CHECK(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
  const auto read = PrivateKey::from_pem("a line above\n" + pem);
  REQUIRE(read);
  CHECK(read->public_key() == key.public_key());
  CHECK(key.public_key().verify("text", read->sign("text")));
  CHECK(key.public_key().to_pem().starts_with("-----BEGIN PUBLIC KEY-----\n"));
}

TEST_CASE("keys: the older EC PRIVATE KEY form is read, with its public key in canonical form") {
  const auto key = PrivateKey::from_pem(p256_sec1_pem);
  REQUIRE(key);
  CHECK(to_hex(key->public_key().encoded()) == p256_spki);
}

TEST_CASE("keys: a PEM file with a pass phrase is refused without asking for it") {
  // PKCS#8 with the pass phrase "secret", the same with an empty one, and the older OpenSSL form.
  const auto pem = GENERATE(as<std::string_view>{},
                            "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                            "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiaiz4WYP1owQICCAAw\n"
                            "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEOHpv1uIhjjLNiGeNGwL15QEQBLT\n"
                            "FHJur3y7tA1ONoiEkROFPoXH6Q3snYa1L+LqFn0izFAhOI3ky1arL3Wm1JJ3h1pN\n"
                            "z+yU6+yaGGGGOTSyqJA=\n"
                            "-----END ENCRYPTED PRIVATE KEY-----\n",
                            "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                            "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiMDmNFqSERPgICCAAw\n"
                            "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEH+sp9p7lYDEX8iLG6uNWW8EQOEc\n"
                            "m1J8SWe2j/m5hzORfpNHysVFltahs7Dhd3JUqAsRlO/5KGco364NaDg0FZ2xy9S/\n"
                            "71L7g0cSeMI1+Tbls0A=\n"
                            "-----END ENCRYPTED PRIVATE KEY-----\n",
                            "-----BEGIN EC PRIVATE KEY-----\n"
                            "Proc-Type: 4,ENCRYPTED\n"
                            "DEK-Info: AES-128-CBC,978F8FCEB2C583AF24E55B6DDC03AFC3\n"
                            "\n"
                            "4nu+D2YCfsyAF6SCFoQO7aiVTBY09GwZVjB21RQndbwr/IBhwCgcfsngjmGAziGP\n"
                            "c92IEhhaetE4zsLgEh56tfArPJSdTSZnF5p5oybGclY+d3E6mB6qBTKxMWFCFLFE\n"
                            "bB2tpmjZmyikElxBWWJpiLeDpC3idbmeb9l+GcDL4uU=\n"
                            "-----END EC PRIVATE KEY-----\n");
  const auto key = PrivateKey::from_pem(pem);
  REQUIRE_FALSE(key);
  CHECK(key.error().code == "key-locked");
}

TEST_CASE("keys: a file that holds no private key of ours is refused") {
  const std::string pem = PrivateKey::generate(KeyAlgorithm::ed25519).to_pem();
  CHECK_FALSE(PrivateKey::from_pem({}));
  CHECK_FALSE(PrivateKey::from_pem(""));
  CHECK_FALSE(PrivateKey::from_pem("no key here\n"));
  CHECK_FALSE(PrivateKey::from_pem(pem.substr(0, pem.size() / 2)));
  CHECK_FALSE(PrivateKey::from_pem(std::string(1 << 20, '\n') + pem));
  CHECK_FALSE(
      PrivateKey::from_pem(PrivateKey::generate(KeyAlgorithm::ed25519).public_key().to_pem()));
  // X25519: a key, but not one that signs.
  CHECK_FALSE(
      PrivateKey::from_pem("-----BEGIN PRIVATE KEY-----\n"
                           "MC4CAQAwBQYDK2VuBCIEIFAY79NP6fBC46zQlokX5VtsiMthXfAH8Cu4HBOgIUdn\n"
                           "-----END PRIVATE KEY-----\n"));
}

TEST_CASE("keys: a pass phrase may be as long as the place for it, and a longer one is refused") {
  const PrivateKey key = PrivateKey::generate(KeyAlgorithm::ed25519);
  constexpr std::size_t place = 1024;  // That OpenSSL gives.
  const Bytes longest(place, 'p');
  const auto opened = PrivateKey::from_pem(key.to_pem(longest), longest);
  REQUIRE(opened);
  CHECK(opened->public_key() == key.public_key());
  for (const std::size_t size : {place + 1, 100 * place}) {
    const Bytes longer(size, 'p');
    const auto refused = PrivateKey::from_pem(key.to_pem(longer), longer);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "pass-phrase-wrong");
  }
}

TEST_CASE("keys: a PEM file has at most 65,536 octets") {
  std::string pem = PrivateKey::generate(KeyAlgorithm::ed25519).to_pem();
  pem.resize(65'536, '\n');
  CHECK(PrivateKey::from_pem(pem));
  CHECK_FALSE(PrivateKey::from_pem(pem + "\n"));
}

}  // namespace cpl::testing::keys_test
