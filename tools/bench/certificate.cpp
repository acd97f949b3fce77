#include "tools/bench/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "crypto/result.hpp"

namespace cpl::bench {
namespace {

constexpr long hour = 3600;

template <class Object, void (*release)(Object*)>
struct Releaser {
  void operator()(Object* object) const { release(object); }
};
template <class Object, void (*release)(Object*)>
using Owned = std::unique_ptr<Object, Releaser<Object, release>>;

void add_extension(X509* certificate, int kind, const std::string& value) {
  const Owned<X509_EXTENSION, &X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

template <class Writer>
void write(const std::filesystem::path& path, Writer writer) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(path.c_str(), "w"), &BIO_free);
  check(file != nullptr && writer(file.get()) == 1);
}

}  // namespace

Certificate make_certificate(const std::filesystem::path& folder, const std::string& domain) {
  std::filesystem::create_directories(folder);
  Certificate made{folder / "certificate.pem", folder / "key.pem"};
  const Owned<EVP_PKEY, &EVP_PKEY_free> key(EVP_EC_gen("P-256"));
  const Owned<X509, &X509_free> certificate(X509_new());
  X509* const x509 = certificate.get();
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -hour);
  X509_gmtime_adj(X509_getm_notAfter(x509), 24 * hour);
  X509_set_pubkey(x509, key.get());
  X509_NAME* const subject = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(domain.c_str()), -1, -1, 0);
  X509_set_issuer_name(x509, subject);
  add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(x509, NID_subject_alt_name, "DNS:*." + domain);
  check(X509_sign(x509, key.get(), EVP_sha256()) > 0);
  write(made.key_file, [&](BIO* file) {
    return PEM_write_bio_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  write(made.certificate_file, [&](BIO* file) { return PEM_write_bio_X509(file, x509); });
  return made;
}

}  // namespace cpl::bench
