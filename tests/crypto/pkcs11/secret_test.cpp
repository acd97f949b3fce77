// Secrets that only a token opens, in a real PKCS#11 token: SoftHSM.
#include "crypto/pkcs11/secret.hpp"

#include <catch2/catch.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "tests/crypto/pkcs11/soft_token.hpp"
#include "tools/shared/files.hpp"
#include "tools/shared/webhook_secret.hpp"

namespace cpl::testing::secret_test {
namespace {

using testing::fault_uri;
using testing::PinGiver;
using testing::soft_uri;
using testing::SoftToken;
using testing::TemporaryFolder;

const std::string p256_key = "token=panel;object=p256";

TokenSecret sealed_for(const std::string& uri, BytesView secret) {
  auto sealed = seal_for_token(uri, PinGiver{}, secret);
  INFO((sealed ? "" : sealed.error().detail));
  REQUIRE(sealed);
  return *std::move(sealed);
}

std::string refusal_of(const TokenSecret& sealed, const AskPin& ask = PinGiver{}) {
  const auto secret = open_with_token(sealed, ask);
  return secret ? "opened" : secret.error().code;
}

std::string sealing_refusal(const std::string& uri) {
  const auto sealed = seal_for_token(uri, PinGiver{}, "secret");
  return sealed ? "sealed" : sealed.error().code;
}

std::string parse_refusal(const std::string& text) {
  const auto sealed = TokenSecret::parse(text);
  if (!sealed) return sealed.error().code;
  return *sealed ? "read" : "of another form";
}

}  // namespace

TEST_CASE("token secret: what is sealed for a token's key the token opens, again and again") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  for (const Bytes& secret : {Bytes(32, 's'), Bytes(), Bytes(1000, '\0')}) {
    const TokenSecret sealed = sealed_for(soft_uri(p256_key), secret);
    const auto read = TokenSecret::parse(sealed.to_text());
    REQUIRE(read);
    REQUIRE(*read);
    for (int i = 0; i < 3; ++i) {
      const auto opened = open_with_token(**read, PinGiver{});
      REQUIRE(opened);
      CHECK(*opened == secret);
    }
  }
}

TEST_CASE("token secret: the file shows nothing of the secret, nor that it is the same") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  const Bytes secret = random_bytes(32);
  const TokenSecret one = sealed_for(soft_uri(p256_key), secret);
  const TokenSecret two = sealed_for(soft_uri(p256_key), secret);
  CHECK(one.sender != two.sender);
  CHECK(one.box != two.box);
  CHECK_THAT(one.to_text(), !Catch::Contains(to_base64(secret)) && !Catch::Contains(secret));
}

TEST_CASE("token secret: another key, and any altered octet, open nothing") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  token.add_key("EC:prime256v1", "other", "02");
  const TokenSecret sealed = sealed_for(soft_uri(p256_key), "secret");
  TokenSecret moved = sealed;
  moved.uri = soft_uri("token=panel;object=other");
  CHECK(refusal_of(moved) == "token-secret-not-opened");
  for (std::size_t i = 0; i < sealed.box.size(); ++i) {
    TokenSecret altered = sealed;
    altered.box[i] = static_cast<char>(altered.box[i] ^ 1);
    CHECK(refusal_of(altered) == "token-secret-not-opened");
  }
  TokenSecret swapped = sealed;
  swapped.sender = sealed_for(soft_uri(p256_key), "secret").sender;
  CHECK(refusal_of(swapped) == "token-secret-not-opened");
  for (const Bytes& none : {Bytes(), Bytes("\x04"), Bytes(65, '\0'), Bytes(65, '\x04')}) {
    TokenSecret altered = sealed;
    altered.sender = none;  // No point of the curve.
    CHECK(refusal_of(altered) != "opened");
  }
  CHECK(refusal_of(sealed) == "opened");
}

TEST_CASE("token secret: keys that cannot derive are refused before anything is sealed") {
  const SoftToken token;
  token.add_key("EC:edwards25519", "ed25519", "01");
  token.tool("--keypairgen --key-type EC:prime256v1 --label signs --id 02 --usage-sign");
  CHECK(sealing_refusal(soft_uri("token=panel;object=ed25519")) == "token-key-cannot-derive");
  CHECK(sealing_refusal(soft_uri("token=panel;object=signs")) == "token-key-cannot-derive");
  CHECK(sealing_refusal(soft_uri("token=panel;object=none")) == "token-key-missing");
}

TEST_CASE("token secret: a token that fails gives an error, never a file or a wrong secret") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  const TokenSecret sealed = sealed_for(fault_uri(p256_key), "secret");
  for (const auto& [fault, code] :
       {std::pair{"not-permitted", "token-key-cannot-derive"},
        std::pair{"no-mechanism", "token-mechanism-missing"}, std::pair{"removed", "token-removed"},
        std::pair{"short-secret", "token-failed"}}) {
    token.fault(fault);
    CHECK(refusal_of(sealed) == code);
    CHECK(sealing_refusal(fault_uri(p256_key)) == code);
  }
  token.fault("wrong-secret");
  CHECK(refusal_of(sealed) == "token-secret-not-opened");
  CHECK(sealing_refusal(fault_uri(p256_key)) == "token-agreement-wrong");
  token.fault("none");
  CHECK(refusal_of(sealed) == "opened");
  CHECK(refusal_of(sealed, PinGiver{"999999"}) == "token-pin-wrong");
}

TEST_CASE("token secret: a file that is none is told from one of another form") {
  const std::string good = "uri: pkcs11:token=a\nsender: BBBB\nbox: AAAA\n";
  CHECK(parse_refusal(good) == "read");
  CHECK(parse_refusal("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n") == "of another form");
  CHECK(parse_refusal("name: a\nuri: pkcs11:token=a\n") == "of another form");
  for (const std::string& bad :
       {std::string("uri: pkcs11:token=a\n"), std::string("uri: pkcs11:token=a\nbox: AAAA\n"),
        std::string("uri: pkcs11:token=a\nsender: B\nbox: AAAA\n"), good + "more\n",
        good.substr(0, good.size() - 1)}) {
    CHECK(parse_refusal(bad) == "key-file-malformed");
  }
}

TEST_CASE(
    "token secret: a notice key is the same from its own file and from one that a token opens") {
  const SoftToken token;
  token.add_key("EC:prime256v1", "p256", "01");
  const TemporaryFolder folder;
  const Bytes key = random_bytes(notice_key_size);
  const auto plain = folder.path() / "notice.key";
  REQUIRE(write_file(plain, to_base64(key) + "\n", Secrecy::secret));
  const auto pin = folder.path() / "pin";
  REQUIRE(write_file(pin, "1234\n", Secrecy::secret));
  const std::string uri = soft_uri(p256_key) + "&pin-source=file:" + pin.string();
  const auto sealed = folder.path() / "sealed.key";
  REQUIRE(write_file(sealed, sealed_for(uri, key).to_text(), Secrecy::secret));
  CHECK(read_notice_key(plain).value() == key);
  CHECK(read_notice_key(sealed).value() == key);

  const auto short_key = folder.path() / "short.key";
  REQUIRE(write_file(short_key, sealed_for(uri, "short").to_text(), Secrecy::secret));
  const auto refused = read_notice_key(short_key);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "key-malformed");
  CHECK_THAT(refused.error().detail, Catch::Contains(short_key.string()));
}

}  // namespace cpl::testing::secret_test
