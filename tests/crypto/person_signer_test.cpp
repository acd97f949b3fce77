#include "crypto/person_signer.hpp"

#include <catch2/catch.hpp>

#include "tests/support/gone_key.hpp"

namespace cpl::testing::person_signer_test {
namespace {

NoteSigner software(const std::string& name, KeyAlgorithm algorithm) {
  auto signer = NoteSigner::create(name, PrivateKey::generate(algorithm));
  REQUIRE(signer);
  return *std::move(signer);
}

}  // namespace

TEST_CASE("person signer: a key in a file signs as its note signer does") {
  const auto algorithm = GENERATE(KeyAlgorithm::ed25519, KeyAlgorithm::ecdsa_p256);
  const NoteSigner key = software("panel-1", algorithm);
  const auto person = PersonSigner::create(key);
  REQUIRE(person);
  CHECK(person->verifier() == key.verifier());
  Note note{"t\n", {}};
  REQUIRE(sign_note(note, *person));
  REQUIRE(sign_note(note, *person));
  CHECK(note.signatures.size() == 1);
  CHECK(verify_note(note, std::array{key.verifier()}));
}

TEST_CASE("person signer: a signature that is not made leaves the note as it was") {
  const auto person =
      PersonSigner::create("a", std::make_shared<testing::GoneKey>(KeyAlgorithm::ed25519));
  REQUIRE(person);
  Note note{"t\n", {}};
  sign_note(note, software("b", KeyAlgorithm::ed25519));
  const Bytes before = format_note(note);
  const auto done = sign_note(note, *person);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "token-removed");
  CHECK(format_note(note) == before);
}

TEST_CASE("person signer: a witness's key and a bad name are refused") {
  const auto witness =
      NoteSigner::create_cosigner("w", PrivateKey::generate(KeyAlgorithm::ed25519));
  REQUIRE(witness);
  CHECK_FALSE(PersonSigner::create(*witness));
  CHECK_FALSE(
      PersonSigner::create("a b", std::make_shared<testing::GoneKey>(KeyAlgorithm::ed25519)));
}

TEST_CASE("token key file: it reads back, and no other text is one") {
  const TokenKeyFile file{"panel-1", "pkcs11:token=panel?pin-source=file:pin"};
  CHECK(file.to_text() == "name: panel-1\nuri: pkcs11:token=panel?pin-source=file:pin\n");
  const auto read = TokenKeyFile::parse(file.to_text());
  REQUIRE(read);
  REQUIRE(*read);
  CHECK((*read)->name == file.name);
  CHECK((*read)->uri == file.uri);
  const auto outcome = [](const std::string& text) {
    const auto parsed = TokenKeyFile::parse(text);
    return !parsed ? parsed.error().code : *parsed ? "a token's" : "another";
  };
  for (const std::string text : {"", "name: a\n", "name: a", "uri: pkcs11:\n", "a\nuri: pkcs11:\n",
                                 "name: a\n-----BEGIN PRIVATE KEY-----\n", "uri: b\nname: a\n"}) {
    INFO(text);
    CHECK(outcome(text) == "another");
  }
  for (const std::string text :
       {"name: a\nuri: pkcs11:", "name: a\nuri: pkcs11:\n\n", "name: a\nuri: pkcs11:\nmore\n"}) {
    INFO(text);
    CHECK(outcome(text) == "key-file-malformed");
  }
}

TEST_CASE("token key file: where the key itself is needed, it is refused with the reason") {
  const auto signer = NoteSigner::parse("name: a\nuri: pkcs11:token=panel\n");
  REQUIRE_FALSE(signer);
  CHECK(signer.error().code == "key-in-token");
}

}  // namespace cpl::testing::person_signer_test
