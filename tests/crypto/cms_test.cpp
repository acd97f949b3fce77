#include "crypto/cms.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "crypto/hash.hpp"
#include "tests/support/gone_key.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::cms_test {

namespace {

constexpr std::uint64_t from = 1'780'000'000;
constexpr std::uint64_t year = 31'536'000;

PrivateKey p256() { return PrivateKey::generate(KeyAlgorithm::ecdsa_p256); }

SigningCertificate certificate_of(const PrivateKey& key) {
  const auto made =
      SigningCertificate::self_signed(*held_key(key), "Registrar 3", from, from + year);
  REQUIRE(made.has_value());
  return *made;
}

void put(const std::filesystem::path& file, BytesView content) {
  std::ofstream(file, std::ios::binary) << content;
}

Bytes get(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(stream), {});
}

int openssl(const std::filesystem::path& folder, const std::string& arguments) {
  const std::string command =
      "cd '" + folder.string() + "' && openssl " + arguments + " >/dev/null 2>&1";
  return std::system(command.c_str());
}

}  // namespace

TEST_CASE("cms: what is signed opens with its key, digest and time") {
  const PrivateKey key = p256();
  const Bytes der = sign_cms("the list\r\n", key, certificate_of(key), from + 60);
  const auto opened = open_cms(der);
  REQUIRE(opened.has_value());
  CHECK(opened->certificate.key() == key.public_key());
  CHECK(opened->certificate.subject() == "CN=Registrar 3");
  CHECK(opened->certificate.not_before() == from);
  CHECK(opened->certificate.not_after() == from + year);
  CHECK(opened->digest == sha256("the list\r\n"));
  CHECK(opened->signed_at == from + 60);
}

TEST_CASE("cms: OpenSSL's own program verifies it, and refuses another content") {
  const testing::TemporaryFolder folder;
  const PrivateKey key = p256();
  const SigningCertificate certificate = certificate_of(key);
  const Bytes content("line\nline\r\n\0end", 15);
  put(folder.path() / "content", content);
  put(folder.path() / "cert.pem", certificate.to_pem());
  put(folder.path() / "sig", sign_cms(content, key, certificate, from + 60));
  const std::string verify =
      "cms -verify -binary -inform DER -in sig -content content "
      "-CAfile cert.pem -purpose any -attime " +
      std::to_string(from + 120);
  CHECK(openssl(folder.path(), verify) == 0);
  CHECK(openssl(folder.path(), "verify -check_ss_sig -CAfile cert.pem cert.pem") == 0);
  put(folder.path() / "content", content + " ");
  CHECK(openssl(folder.path(), verify) != 0);
}

TEST_CASE(
    "cms: the authorities' certificates go along, so that who trusts the root needs no more") {
  const testing::TemporaryFolder folder;
  const PrivateKey key = p256();
  put(folder.path() / "leaf.csr", *make_certificate_request(*held_key(key), "CPL notices"));
  const std::string ca = " -newkey rsa:2048 -nodes -addext keyUsage=critical,keyCertSign -days 2 ";
  REQUIRE(openssl(folder.path(), "req -x509" + ca + "-subj /CN=Root -keyout r.key -out r.pem") ==
          0);
  REQUIRE(openssl(folder.path(), "req -x509 -CA r.pem -CAkey r.key" + ca +
                                     "-subj /CN=Between -keyout b.key -out b.pem") == 0);
  put(folder.path() / "leaf.ext", "keyUsage=digitalSignature\nextendedKeyUsage=emailProtection\n");
  REQUIRE(openssl(folder.path(),
                  "x509 -req -in leaf.csr -CA b.pem -CAkey b.key -extfile leaf.ext "
                  "-days 2 -out leaf.pem") == 0);
  const Bytes chain = get(folder.path() / "leaf.pem") + get(folder.path() / "b.pem");
  const SigningCertificate certificate = *SigningCertificate::from_pem(chain);
  const auto above = certificates_above(chain);
  REQUIRE(above.has_value());
  REQUIRE(above->size() == 1);
  CHECK(certificate_subject(above->front().get()) == "CN=Between");

  const auto now = static_cast<std::uint64_t>(std::time(nullptr));
  const std::string verify = "cms -verify -binary -inform DER -in sig -content c -CAfile r.pem";
  put(folder.path() / "c", "words");
  put(folder.path() / "sig", sign_cms("words", key, certificate, now, *above));
  CHECK(openssl(folder.path(), verify) == 0);
  put(folder.path() / "sig", sign_cms("words", key, certificate, now));
  CHECK(openssl(folder.path(), verify) != 0);
}

TEST_CASE("certificate: those above are read to the last, and what cannot be one is named") {
  const PrivateKey key = p256();
  const std::string one = certificate_of(key).to_pem();
  std::string many = one;
  CHECK(certificates_above(one)->empty());
  for (std::size_t i = 0; i < certificates_above_max; ++i) many += certificate_of(key).to_pem();
  CHECK(certificates_above(many)->size() == certificates_above_max);
  const auto refused = [](const std::string& pem) {
    const auto above = certificates_above(pem);
    return above ? "taken" : above.error().detail;
  };
  CHECK(refused(many + certificate_of(key).to_pem()).starts_with("certificate 10 of the file"));
  CHECK(refused(one + certificate_of(key).to_pem() + one) ==
        "certificate 3 of the file is in it twice");
  CHECK(refused(one + one.substr(0, one.size() / 2)) == "certificate 2 of the file cannot be read");
  CHECK(refused("none") == "certificate 1 of the file cannot be read");
}

TEST_CASE("cms: no octet can be altered and no octet cut without notice") {
  const PrivateKey key = p256();
  const Bytes der = sign_cms("x", key, certificate_of(key), from + 60);
  for (std::size_t i = 0; i < der.size(); ++i) {
    CHECK_FALSE(open_cms(BytesView(der).substr(0, i)).has_value());
    Bytes altered = der;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    // What is not signed (a version number, the certificate's own signature) may differ; what a
    // reader learns may not.
    const auto opened = open_cms(altered);
    if (!opened) continue;
    CHECK(opened->digest == sha256("x"));
    CHECK(opened->signed_at == from + 60);
    CHECK(opened->certificate.key() == key.public_key());
  }
  CHECK_FALSE(open_cms(der + Bytes(1, '\0')).has_value());
  CHECK_FALSE(open_cms(Bytes(cms_size_max + 1, '0')).has_value());
}

TEST_CASE(
    "cms: a certificate of the same name and number, but of another key, cannot take the place "
    "of the signer's") {
  const testing::TemporaryFolder folder;
  const auto certificate = [&](const std::string& name) {
    REQUIRE(openssl(folder.path(),
                    "req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
                    "-set_serial 7 -subj /CN=a -days 30 -keyout " +
                        name + ".key -out " + name + ".pem") == 0);
    REQUIRE(openssl(folder.path(),
                    "x509 -in " + name + ".pem -outform DER -out " + name + ".der") == 0);
    return get(folder.path() / (name + ".der"));
  };
  const Bytes own = certificate("own");
  Bytes other = certificate("other");
  for (int tries = 0; other.size() != own.size() && tries < 50; ++tries) {
    other = certificate("other");  // The length of an ECDSA signature differs by an octet or two.
  }
  REQUIRE(other.size() == own.size());
  put(folder.path() / "content", "x");
  REQUIRE(openssl(folder.path(),
                  "cms -sign -binary -in content -signer own.pem -inkey own.key "
                  "-md sha256 -outform DER -out sig") == 0);
  Bytes der = get(folder.path() / "sig");
  CHECK(open_cms(der).has_value());
  der.replace(der.find(own), own.size(), other);
  const auto opened = open_cms(der);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == "signature-invalid");
}

TEST_CASE("cms: signatures of another shape are refused: content inside, no attributes, RSA") {
  const testing::TemporaryFolder folder;
  const PrivateKey key = p256();
  put(folder.path() / "key.pem", key.to_pem());
  put(folder.path() / "cert.pem", certificate_of(key).to_pem());
  put(folder.path() / "content", "x");
  const auto made = [&](const std::string& options) {
    REQUIRE(openssl(folder.path(),
                    "cms -sign -binary -in content -outform DER -out sig " + options) == 0);
    return open_cms(get(folder.path() / "sig"));
  };
  const std::string ours = "-signer cert.pem -inkey key.pem ";
  CHECK(made(ours + "-md sha256").has_value());
  for (const std::string options :
       {"-md sha256 -nodetach", "-md sha256 -noattr", "-md sha512", "-md sha256 -nocerts"}) {
    INFO(options);
    CHECK_FALSE(made(ours + options).has_value());
  }
  REQUIRE(openssl(folder.path(),
                  "req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.pem "
                  "-subj /CN=RSA -days 30") == 0);
  CHECK_FALSE(made("-signer rsa.pem -inkey rsa.key -md sha256").has_value());
  CHECK_FALSE(made(ours + "-md sha256 -signer rsa.pem -inkey rsa.key").has_value());
}

TEST_CASE("certificate: PEM goes there and back; what is none, or not for signing, is refused") {
  const testing::TemporaryFolder folder;
  const PrivateKey key = p256();
  const SigningCertificate certificate = certificate_of(key);
  const auto again = SigningCertificate::from_pem(certificate.to_pem());
  REQUIRE(again.has_value());
  CHECK(again->key() == key.public_key());
  CHECK_FALSE(SigningCertificate::from_pem("").has_value());
  CHECK_FALSE(SigningCertificate::from_pem("-----BEGIN CERTIFICATE-----\n").has_value());
  CHECK_FALSE(SigningCertificate::from_pem(key.to_pem()).has_value());
  const auto by_openssl = [&](const std::string& options) {
    REQUIRE(openssl(folder.path(),
                    "req -x509 -nodes -keyout key.pem -out cert.pem -days 30 " + options) == 0);
    return SigningCertificate::from_pem(get(folder.path() / "cert.pem"));
  };
  const std::string curve = "-newkey ec -pkeyopt ec_paramgen_curve:";
  CHECK(by_openssl(curve + "P-256 -subj /CN=a").has_value());
  CHECK_FALSE(by_openssl(curve + "P-384 -subj /CN=a").has_value());
  CHECK_FALSE(by_openssl(curve + "P-256 -subj /CN=a -addext keyUsage=keyAgreement").has_value());
  CHECK_FALSE(by_openssl(curve + "P-256 -subj /").has_value());
}

TEST_CASE("certificate: a key that gives no signature gives no certificate and no request") {
  const PrivateKey key = p256();
  const testing::GoneKey gone(KeyAlgorithm::ecdsa_p256);
  CHECK_FALSE(SigningCertificate::self_signed(gone, "a", from, from + 1).has_value());
  CHECK_FALSE(make_certificate_request(gone, "a").has_value());
  const auto held = sign_cms("x", *held_key(key), certificate_of(key), from + 60);
  REQUIRE(held.has_value());
  CHECK(open_cms(*held).has_value());
}

TEST_CASE("certificate: names and keys are checked before one is made; a request verifies") {
  const testing::TemporaryFolder folder;
  const PrivateKey key = p256();
  const PrivateKey other = PrivateKey::generate(KeyAlgorithm::ed25519);
  CHECK_FALSE(SigningCertificate::self_signed(*held_key(other), "a", from, from + 1).has_value());
  CHECK_FALSE(SigningCertificate::self_signed(*held_key(key), "", from, from + 1).has_value());
  CHECK_FALSE(SigningCertificate::self_signed(*held_key(key), std::string(65, 'a'), from, from + 1)
                  .has_value());
  for (const std::size_t size : {1U, 12U, 48U, 64U}) {  // Lengths of one octet and of two.
    const auto request = make_certificate_request(*held_key(key), std::string(size, 'a'));
    REQUIRE(request.has_value());
    put(folder.path() / "request.pem", *request);
    CHECK(openssl(folder.path(), "req -verify -noout -in request.pem") == 0);
  }
}

}  // namespace cpl::testing::cms_test
