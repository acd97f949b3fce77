#include "crypto/note_key.hpp"

#include <catch2/catch.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl::testing::note_key_test {
namespace {

// Published by golang.org/x/mod/sumdb/note.
const std::string peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
// Published by transparency-dev/tessera, in the build script of its test log.
const std::string tessera_secret =
    "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg";

std::string code_of(const Result<NoteVerifier>& key) {
  return key ? std::string("accepted") : key.error().code;
}

}  // namespace

TEST_CASE("note key: published key strings are read and written back") {
  for (const std::string& text :
       {peter, std::string("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
        std::string("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"),
        std::string("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+"
                    "oO5xCFkkSx"),
        std::string("Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk"),
        std::string("witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN"),
        std::string("witness2.example.org+2e55b896+BIZ7fpceQWd60IfqQeS9IAnmNOCZjMDne8lZuguz/bi9"),
        std::string("mirror.example.org+3fb148ef+BAAjjch9GyYz0sJsJx7ALhbdAtz2ov0unbzSl1vMp94O")}) {
    INFO(text);
    const auto key = NoteVerifier::parse(text);
    REQUIRE(key);
    CHECK(key->to_string() == text);
    CHECK(key->name() == text.substr(0, text.find('+')));
  }
  CHECK(NoteVerifier::parse(peter)->type() == NoteKeyType::ed25519);
  CHECK(NoteVerifier::parse(peter)->key_id() == 0xC74F20A3);
}

TEST_CASE("note key: no part of a key string and no changed octet of it is a key string") {
  for (std::size_t from = 0; from < peter.size(); ++from) {
    for (std::size_t to = from + 1; to <= peter.size(); ++to) {
      if (to - from == peter.size()) continue;
      if (NoteVerifier::parse(peter.substr(from, to - from))) FAIL("from " << from << " to " << to);
    }
  }
  for (std::size_t bit = 0; bit < peter.size() * 8; ++bit) {
    std::string changed = peter;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    if (NoteVerifier::parse(changed)) FAIL("accepted: " << changed);
  }
}

TEST_CASE("note key: malformed key strings are refused with a reason") {
  const Bytes raw = NoteVerifier::parse(peter)->key().encoded();
  const auto key_string = [](const Bytes& type_and_key) {
    const Hash hash = sha256({"n\n", type_and_key});
    return "n+" + to_hex(hash.view().substr(0, 4)) + "+" + to_base64(type_and_key);
  };
  REQUIRE(code_of(NoteVerifier::parse(key_string("\x01" + raw))) == "accepted");
  CHECK(code_of(NoteVerifier::parse(key_string("\x01" + raw + "x"))) == "key-malformed");
  CHECK(code_of(NoteVerifier::parse(key_string("\x01" + raw.substr(1)))) == "key-malformed");
  CHECK(code_of(NoteVerifier::parse(key_string("\x02" + raw))) == "key-malformed");
  for (const char type : {'\x03', '\x05', '\x06', 'e', '\xFA', '\xFF'}) {
    CHECK(code_of(NoteVerifier::parse(key_string(type + raw))) == "key-type-unknown");
  }
  CHECK(code_of(NoteVerifier::parse(key_string(Bytes(1, '\0') + raw))) == "key-type-unknown");
  CHECK(code_of(NoteVerifier::parse("")) == "key-malformed");
  CHECK(code_of(NoteVerifier::parse("PeterNeumann")) == "key-malformed");
  CHECK(code_of(NoteVerifier::parse("PeterNeumann+c74f20a3")) == "key-malformed");
  CHECK(code_of(NoteVerifier::parse("PeterNeumann+c74f20a3+")) == "key-malformed");
  CHECK(code_of(NoteVerifier::parse("PeterNeumann+c74f20a3+AQ==")) == "key-malformed");
  CHECK(code_of(NoteVerifier::parse("PeterNeumann+C74F20A3" + peter.substr(21))) ==
        "key-id-mismatch");
  CHECK(code_of(NoteVerifier::parse("PeterNeumann+0c74f20a3" + peter.substr(21))) ==
        "key-id-mismatch");
  CHECK(code_of(NoteVerifier::parse("PaulNeumann" + peter.substr(12))) == "key-id-mismatch");
  CHECK(code_of(NoteVerifier::parse(peter.substr(12))) == "key-name-malformed");
  CHECK(code_of(NoteVerifier::parse("Peter Neumann" + peter.substr(12))) == "key-name-malformed");
}

TEST_CASE("note key: a type that is unknown is told before a key that is too short") {
  const auto reading = [](const Bytes& type_and_key) {
    return code_of(NoteVerifier::parse("n+00000000+" + to_base64(type_and_key)));
  };
  CHECK(reading("\x05k") == "key-type-unknown");
  CHECK(reading("\x05") == "key-malformed");
  CHECK(reading("\x01k") == "key-malformed");
}

TEST_CASE("note key: names with any kind of space, a plus or control characters are refused") {
  CHECK(is_note_key_name("a"));
  CHECK(is_note_key_name("registry.example/log"));
  CHECK(is_note_key_name("caf\xC3\xA9\xE2\x80\x94"));
  CHECK(is_note_key_name(std::string(255, 'n')));
  CHECK_FALSE(is_note_key_name(""));
  CHECK_FALSE(is_note_key_name(std::string(256, 'n')));
  // Go's unicode.IsSpace: the Latin-1 block, then the wider ones.
  for (const std::string_view space : {"\t",           "\n",
                                       "\v",           "\f",
                                       "\r",           " ",
                                       "\xC2\x85",     "\xC2\xA0",
                                       "\xE1\x9A\x80", "\xE2\x80\x80",
                                       "\xE2\x80\x81", "\xE2\x80\x82",
                                       "\xE2\x80\x83", "\xE2\x80\x84",
                                       "\xE2\x80\x85", "\xE2\x80\x86",
                                       "\xE2\x80\x87", "\xE2\x80\x88",
                                       "\xE2\x80\x89", "\xE2\x80\x8A",
                                       "\xE2\x80\xA8", "\xE2\x80\xA9",
                                       "\xE2\x80\xAF", "\xE2\x81\x9F",
                                       "\xE3\x80\x80", "+",
                                       "\x1B",         "\x7F",
                                       "\xFF",         "\xED\xA0\x80"}) {
    INFO(to_hex(space));
    CHECK_FALSE(is_note_key_name("a" + std::string(space) + "b"));
    CHECK_FALSE(is_note_key_name(space));
  }
}

TEST_CASE("note key: an ECDSA key's id is that of its SubjectPublicKeyInfo alone") {
  const PrivateKey key = PrivateKey::generate(KeyAlgorithm::ecdsa_p256);
  const auto signer = NoteSigner::create("desk.example", key);
  REQUIRE(signer);
  CHECK(signer->verifier().type() == NoteKeyType::ecdsa_p256);
  const Hash hash = sha256(key.public_key().encoded());
  CHECK(signer->verifier().key_id() == read_big_endian(hash.view().substr(0, 4)));
  const auto read = NoteVerifier::parse(signer->verifier().to_string());
  REQUIRE(read);
  CHECK(*read == signer->verifier());
}

TEST_CASE("note key: a type that does not fit the key's algorithm is refused") {
  const PublicKey p256 = PrivateKey::generate(KeyAlgorithm::ecdsa_p256).public_key();
  const PublicKey ed25519 = PrivateKey::generate(KeyAlgorithm::ed25519).public_key();
  CHECK_FALSE(NoteVerifier::create("n", NoteKeyType::ed25519, p256));
  CHECK_FALSE(NoteVerifier::create("n", NoteKeyType::cosignature, p256));
  CHECK_FALSE(NoteVerifier::create("n", NoteKeyType::ecdsa_p256, ed25519));
  CHECK_FALSE(NoteSigner::create_cosigner("n", PrivateKey::generate(KeyAlgorithm::ecdsa_p256)));
  CHECK_FALSE(NoteSigner::create("a b", PrivateKey::generate(KeyAlgorithm::ed25519)));
}

TEST_CASE("note key: a signer survives its key file") {
  const auto algorithm = GENERATE(KeyAlgorithm::ed25519, KeyAlgorithm::ecdsa_p256);
  const auto signer = NoteSigner::create("panel.example/chair", PrivateKey::generate(algorithm));
  REQUIRE(signer);
  const std::string file = signer->to_key_file();
  CHECK(file.starts_with("name: panel.example/chair\n-----BEGIN PRIVATE KEY-----\n"));
  const auto read = NoteSigner::parse(file);
  REQUIRE(read);
  CHECK(read->verifier() == signer->verifier());
  CHECK(signer->verifier().verify("t\n", read->sign("t\n")));
}

TEST_CASE("note key: a witness's key file reads back as a witness's, in both forms") {
  const auto signer =
      NoteSigner::create_cosigner("w.example", PrivateKey::generate(KeyAlgorithm::ed25519));
  REQUIRE(signer);
  CHECK(signer->to_key_file().starts_with("name: w.example\ntype: cosignature\n-----BEGIN"));
  const auto read = NoteSigner::parse(signer->to_key_file());
  REQUIRE(read);
  CHECK(read->verifier() == signer->verifier());
  CHECK(read->verifier().type() == NoteKeyType::cosignature);
  Bytes other = signer->to_key_file();
  other.replace(other.find("cosignature"), 11, "something00");
  CHECK_FALSE(NoteSigner::parse(other));

  // Go's form with type 04 in it.
  const Bytes seed(32, 's');
  const auto same = NoteSigner::create_cosigner("w.example", *PrivateKey::from_ed25519_seed(seed));
  REQUIRE(same);
  const std::string id = same->verifier().to_string().substr(10, 8);
  const auto go = NoteSigner::parse("PRIVATE+KEY+w.example+" + id + "+" + to_base64("\x04" + seed));
  REQUIRE(go);
  CHECK(go->verifier() == same->verifier());
}

TEST_CASE("note key: malformed key files are refused") {
  const auto signer = NoteSigner::create("n", PrivateKey::generate(KeyAlgorithm::ed25519));
  REQUIRE(signer);
  const std::string file = signer->to_key_file();
  const std::string pem = file.substr(file.find('\n') + 1);
  REQUIRE(NoteSigner::parse("name: n\n" + pem));
  for (const std::string& text :
       {std::string(), std::string("name: n"), std::string("name: n\n"), pem, "n\n" + pem,
        "name: \n" + pem, "name: a b\n" + pem, "name: a+b\n" + pem, "name: n\r\n" + pem,
        " name: n\n" + pem, "name:n\n" + pem, "nome: n\n" + pem}) {
    INFO(text);
    CHECK_FALSE(NoteSigner::parse(text));
  }
}

TEST_CASE("note key: Go's private key form is read, and no part or change of it") {
  const auto signer = NoteSigner::parse(tessera_secret);
  REQUIRE(signer);
  CHECK(signer->verifier().to_string() ==
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx");
  CHECK(NoteSigner::parse(tessera_secret + "\n"));
  for (std::size_t from = 0; from < tessera_secret.size(); ++from) {
    for (std::size_t to = from + 1; to <= tessera_secret.size(); ++to) {
      if (to - from == tessera_secret.size()) continue;
      if (NoteSigner::parse(tessera_secret.substr(from, to - from))) FAIL(from << " to " << to);
    }
  }
  for (std::size_t i = 0; i < tessera_secret.size(); ++i) {
    std::string changed = tessera_secret;
    ++changed[i];
    if (NoteSigner::parse(changed)) FAIL("accepted: " << changed);
  }
}

}  // namespace cpl::testing::note_key_test
