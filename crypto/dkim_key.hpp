// A key that signs e-mail for a domain (RFC 6376, RFC 8463). RSA of 2048 bits or more, which every
// receiver checks, or Ed25519. The public half stands in the domain's DNS.
#pragma once

#include <memory>
#include <string>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

using EVP_PKEY = struct evp_pkey_st;

namespace cpl {

class DkimKey {
 public:
  // PKCS#8 PEM, unencrypted: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`.
  static Result<DkimKey> from_pem(std::string_view pem);

  std::string_view algorithm() const;  // "rsa-sha256" or "ed25519-sha256"
  // RSA: PKCS #1 v1.5 over SHA-256. Ed25519: over the SHA-256 hash, as RFC 8463 has it.
  Bytes sign(BytesView message) const;
  // What the TXT record <selector>._domainkey.<domain> must hold.
  std::string dns_record() const;

 private:
  DkimKey(std::shared_ptr<EVP_PKEY> key, bool is_rsa) : key_(std::move(key)), is_rsa_(is_rsa) {}

  std::shared_ptr<EVP_PKEY> key_;
  bool is_rsa_;
};

}  // namespace cpl
