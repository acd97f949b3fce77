// Keys in a real PKCS#11 token: SoftHSM.
#include "crypto/pkcs11/key.hpp"

#include <catch2/catch.hpp>

#include "crypto/person_signer.hpp"
#include "tests/crypto/pkcs11/soft_token.hpp"

namespace cpl::testing::key_test {
namespace {

using testing::fault_uri;
using testing::PinGiver;
using testing::refusal_of;
using testing::soft_uri;
using testing::SoftToken;

std::shared_ptr<const SigningKey> opened(const std::string& uri, const AskPin& ask = PinGiver{}) {
  auto key = open_token_key(uri, ask);
  INFO((key ? "" : key.error().detail));
  REQUIRE(key);
  return *std::move(key);
}

std::string signing_refusal(const SigningKey& key) {
  const auto signature = key.sign("t\n");
  return signature ? "signed" : signature.error().code;
}

std::string detail_of(const std::string& uri, const AskPin& ask = PinGiver{}) {
  const auto key = open_token_key(uri, ask);
  return key ? "opened" : key.error().detail;
}

}  // namespace

TEST_CASE("token key: P-256 and Ed25519 in one token both sign notes that verify") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  token.add_key("EC:edwards25519", "ed25519", "02");
  Note note{"one\n\ntwo\n", {}};
  std::vector<NoteVerifier> keys;
  for (const std::string name : {"p256", "ed25519"}) {
    const auto signer =
        PersonSigner::create(name + ".example", opened(soft_uri("token=panel;object=" + name)));
    REQUIRE(signer);
    REQUIRE(sign_note(note, *signer));
    keys.push_back(signer->verifier());
  }
  CHECK(keys[0].type() == NoteKeyType::ecdsa_p256);
  CHECK(keys[1].type() == NoteKeyType::ed25519);
  const auto read = parse_note(format_note(note));
  REQUIRE(read);
  const auto verified = verify_note(*read, keys);
  REQUIRE(verified);
  CHECK(*verified == std::vector<std::size_t>{0, 1});
  note.text = "another\n";
  CHECK_FALSE(verify_note(note, keys));
}

TEST_CASE("token key: many ECDSA signatures all read as the DER that notes carry") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  const auto key = opened(soft_uri("token=panel"));
  std::set<std::size_t> sizes;  // r and s of 31 to 33 octets each: half of them begin with a zero.
  for (int i = 0; i < 64; ++i) {
    const auto signature = key->sign("text " + std::to_string(i));
    REQUIRE(signature);
    CHECK(key->public_key().verify("text " + std::to_string(i), *signature));
    sizes.insert(signature->size());
  }
  CHECK(sizes.size() > 1);
}

TEST_CASE("token key: the id names a key, and what fits several or none is refused") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "same", "01");
  token.add_key("EC:prime256v1", "same", "02");
  const auto first = opened(soft_uri("token=panel;id=%01"));
  const auto second = opened(soft_uri("token=panel;id=%02;type=private"));
  CHECK_FALSE(first->public_key() == second->public_key());
  CHECK(refusal_of(soft_uri("token=panel;object=same")) == "token-key-ambiguous");
  CHECK(refusal_of(soft_uri("token=panel")) == "token-key-ambiguous");
  CHECK(refusal_of(soft_uri("token=panel;object=other")) == "token-key-missing");
  CHECK(refusal_of(soft_uri("token=panel;id=%01;object=other")) == "token-key-missing");
  // The error names both, so that one can be taken from it.
  const std::string detail = detail_of(soft_uri("token=panel;object=same"));
  CHECK_THAT(detail, Catch::Contains("id=%01") && Catch::Contains("id=%02"));
}

TEST_CASE("token key: no module, no token, and more than one token are told apart") {
  const SoftToken token;
  CHECK(refusal_of("pkcs11:token=panel?module-path=/nowhere/module.so") == "token-module-missing");
  CHECK(refusal_of("pkcs11:token=panel?module-name=no-such") == "token-module-missing");
  CHECK(refusal_of(soft_uri("token=other")) == "token-missing");
  CHECK_THAT(detail_of(soft_uri("token=other")), Catch::Contains("\"panel\""));
  token.add_token("desk");
  const PinGiver ask;
  CHECK(refusal_of(soft_uri(""), ask) == "token-ambiguous");
  CHECK(ask.asked->empty());  // Whose PIN it is cannot be known.
}

TEST_CASE("token key: a wrong PIN is tried once, and the error says how the tries stand") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  const PinGiver wrong{"999999"};
  CHECK(refusal_of(soft_uri("token=panel"), wrong) == "token-pin-wrong");
  CHECK(wrong.asked->size() == 1);
  CHECK(wrong.asked->front().token == "\"panel\"");
  const std::string detail = detail_of(soft_uri("token=panel"), wrong);
  CHECK_THAT(detail, Catch::Contains("wrong PINs were given since the last right one"));
  CHECK_THAT(detail, !Catch::Contains("999999"));
  CHECK(wrong.asked->back().tries == "wrong PINs were given since the last right one");
  CHECK(refusal_of(soft_uri("token=panel")) == "opened");

  token.fault("final-try");
  const PinGiver warned;
  CHECK(refusal_of(fault_uri("token=panel"), warned) == "opened");
  CHECK(warned.asked->front().tries == "one more wrong PIN locks the token");
  token.fault("locks");
  CHECK(refusal_of(fault_uri("token=panel")) == "token-pin-locked");
  token.fault("locked");
  const PinGiver in_vain;
  CHECK(refusal_of(fault_uri("token=panel"), in_vain) == "token-pin-locked");
  CHECK(in_vain.asked->empty());
}

TEST_CASE("token key: where no PIN is given, the reason comes through") {
  const SoftToken token;
  const AskPin none = [](const PinRequest&) -> Result<Secret> {
    return Error{Errc::unauthorized, "token-pin-missing", "none"};
  };
  CHECK(refusal_of(soft_uri("token=panel"), none) == "token-pin-missing");
}

TEST_CASE("token key: a token with a keypad of its own is not given a PIN") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  token.fault("keypad");
  const PinGiver ask;
  const auto key = opened(fault_uri("token=panel"), ask);
  CHECK(ask.asked->empty());
  CHECK(signing_refusal(*key) == "signed");
}

TEST_CASE("token key: public keys are read with and without their wrapping") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  token.add_key("EC:edwards25519", "ed25519", "02");
  for (const std::string name : {"p256", "ed25519"}) {
    token.fault("none");
    const PublicKey wrapped = opened(fault_uri("token=panel;object=" + name))->public_key();
    token.fault("bare-point");
    CHECK(opened(fault_uri("token=panel;object=" + name))->public_key() == wrapped);
  }
}

TEST_CASE("token key: a PIN in the URI is refused and not repeated; so are URIs that are none") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  const std::string with_pin = soft_uri("token=panel") + "&pin-value=1234";
  CHECK(refusal_of(with_pin) == "token-pin-in-uri");
  CHECK_THAT(detail_of(with_pin), !Catch::Contains("1234"));
  for (const std::string uri : {"", "token=panel", "pkcs11:toke=panel", "pkcs11:token=a b",
                                "pkcs11:token=panel\n", "pkcs11:token=%", "file:key"}) {
    INFO(uri);
    CHECK(refusal_of(uri) == "token-uri-malformed");
  }
  const PinGiver ask;
  opened(soft_uri("token=panel") + "&pin-source=file:pin.txt", ask);
  CHECK(ask.asked->front().source == "file:pin.txt");
}

TEST_CASE("token key: keys of other kinds, and a key without its public half, are refused") {
  const SoftToken token;
  token.add_key("EC:secp384r1", "p384", "01");
  token.add_key("rsa:2048", "rsa", "02");
  token.add_key("EC:prime256v1", "alone", "03");
  token.tool("--delete-object --type pubkey --id 03");
  CHECK(refusal_of(soft_uri("token=panel;object=p384")) == "token-key-unsupported");
  CHECK(refusal_of(soft_uri("token=panel;object=rsa")) == "token-key-unsupported");
  CHECK(refusal_of(soft_uri("token=panel;object=alone")) == "token-public-key-missing");
  token.add_key("EC:prime256v1", "good", "04");
  token.fault("not-for-signing");
  CHECK(refusal_of(fault_uri("token=panel;object=good")) == "token-key-cannot-sign");
}

TEST_CASE("token key: a token that fails as it signs gives an error, never a signature") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  const auto signer = PersonSigner::create("a", opened(fault_uri("token=panel")));
  REQUIRE(signer);
  const auto fails = [&](const std::string& fault) {
    token.fault(fault);
    return signing_refusal(signer->key());
  };
  CHECK(fails("wrong-signature") == "token-signature-wrong");
  CHECK(fails("short-signature") == "token-signature-wrong");
  CHECK(fails("not-permitted") == "token-key-cannot-sign");
  CHECK(fails("no-mechanism") == "token-mechanism-missing");
  CHECK(fails("none") == "signed");
  CHECK(fails("removed") == "token-removed");
  Note note{"t\n", {}};
  CHECK_FALSE(sign_note(note, *signer));
  CHECK(note.signatures.empty());
}

TEST_CASE("token key: one that wants its PIN each time is given it before each signature") {
  const SoftToken token;
  token.tool("--keypairgen --key-type EC:prime256v1 --label p256 --id 01 --always-auth");
  const PinGiver ask;
  const auto key = opened(soft_uri("token=panel"), ask);
  CHECK(ask.asked->size() == 1);
  CHECK(signing_refusal(*key) == "signed");
  CHECK(signing_refusal(*key) == "signed");
  CHECK(ask.asked->size() == 3);
}

TEST_CASE("token key: the list shows each private key with a URI that opens it") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "panel-1", "01");
  token.add_key("EC:edwards25519", "panel-2", "02");
  token.add_key("EC:secp384r1", "other", "03");
  const auto tokens = list_tokens(soft_uri(""));
  REQUIRE(tokens);
  REQUIRE(tokens->size() == 1);
  CHECK(tokens->front().name == "\"panel\"");
  const auto keys = list_token_keys(tokens->front().uri, PinGiver{});
  REQUIRE(keys);
  REQUIRE(keys->size() == 3);
  std::map<std::string, std::string> outcomes;
  for (const TokenKeyDescription& key : *keys) {
    CHECK(key.usable == (refusal_of(key.uri) == "opened"));
    outcomes[key.label] = key.usable ? key.kind : "unusable";
  }
  CHECK(outcomes == std::map<std::string, std::string>{
                        {"panel-1", "ECDSA P-256"}, {"panel-2", "Ed25519"}, {"other", "unusable"}});
}

}  // namespace cpl::testing::key_test
