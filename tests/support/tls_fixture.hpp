// Self-signed certificates made on the spot, in a directory that goes away with them.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <filesystem>

#include "crypto/result.hpp"

namespace cpl {

class TemporaryDirectory final {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cpl-test-XXXXXX").string();
    check(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A P-256 key and a certificate for `name`, which vouches for itself where it has no issuer.
class TestCertificate final {
 public:
  struct Wish {
    long from_seconds = -3600;  // From now.
    long to_seconds = 3600;
    const TestCertificate* issuer = nullptr;
  };

  explicit TestCertificate(const std::string& name) : TestCertificate(name, Wish{}) {}
  TestCertificate(const std::string& name, const Wish& wish) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
    X509* const x509 = certificate.get();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), wish.from_seconds);
    X509_gmtime_adj(X509_getm_notAfter(x509), wish.to_seconds);
    X509_set_pubkey(x509, key.get());
    X509_NAME* const subject = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    const Issuer issuer = wish.issuer != nullptr ? wish.issuer->read() : Issuer{};
    X509_set_issuer_name(
        x509, issuer.certificate ? X509_get_subject_name(issuer.certificate.get()) : subject);
    add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(x509, NID_subject_alt_name, "DNS:" + name);
    check(X509_sign(x509, issuer.key ? issuer.key.get() : key.get(), EVP_sha256()) > 0);
    write(key_file(), [&](BIO* file) {
      return PEM_write_bio_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    write(certificate_file(), [&](BIO* file) { return PEM_write_bio_X509(file, x509); });
  }

  std::filesystem::path certificate_file() const { return directory_.path() / "certificate.pem"; }
  std::filesystem::path key_file() const { return directory_.path() / "key.pem"; }

 private:
  struct Issuer {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr, &EVP_PKEY_free};
    std::unique_ptr<X509, decltype(&X509_free)> certificate{nullptr, &X509_free};
  };

  Issuer read() const {
    Issuer issuer;
    const std::unique_ptr<BIO, decltype(&BIO_free)> keys(BIO_new_file(key_file().c_str(), "r"),
                                                         &BIO_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> names(
        BIO_new_file(certificate_file().c_str(), "r"), &BIO_free);
    issuer.key.reset(PEM_read_bio_PrivateKey(keys.get(), nullptr, nullptr, nullptr));
    issuer.certificate.reset(PEM_read_bio_X509(names.get(), nullptr, nullptr, nullptr));
    check(issuer.key != nullptr && issuer.certificate != nullptr);
    return issuer;
  }

  static void add_extension(X509* certificate, int kind, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), &X509_EXTENSION_free);
    check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
  }

  template <class Writer>
  static void write(const std::filesystem::path& path, Writer writer) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(path.c_str(), "w"),
                                                         &BIO_free);
    check(file != nullptr && writer(file.get()) == 1);
  }

  TemporaryDirectory directory_;
};

}  // namespace cpl
