#include "crypto/pkcs11/public_key.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

// CKA_EC_PARAMS, DER in hex: object identifiers, and the name that PKCS#11 3.0 allows for Edwards
// curves.
constexpr std::string_view p256_oid = "06082a8648ce3d030107";
constexpr std::string_view ed25519_oid = "06032b6570";
constexpr std::string_view ed25519_name = "130c656477617264733235353139";

// What stands before the point in the SubjectPublicKeyInfo of a P-256 key.
constexpr std::string_view p256_spki_prefix =
    "3059301306072a8648ce3d020106082a8648ce3d030107034200";
constexpr std::size_t p256_point_size = 65;
constexpr std::size_t ed25519_point_size = 32;

Error unsupported(const std::string& what) {
  return malformed("token-key-unsupported",
                   "this key is " + what + "; notes are signed with ECDSA P-256 or Ed25519");
}

Result<KeyAlgorithm> algorithm_of(const TokenSession& session, CK_OBJECT_HANDLE key) {
  const auto type = session.number(key, CKA_KEY_TYPE);
  const std::string curve = to_hex(session.attribute(key, CKA_EC_PARAMS));
  if (type == CKK_EC && curve == p256_oid) return KeyAlgorithm::ecdsa_p256;
  if (type == CKK_EC_EDWARDS && (curve == ed25519_oid || curve == ed25519_name)) {
    return KeyAlgorithm::ed25519;
  }
  if (type == CKK_RSA) return unsupported("an RSA key");
  if (type != CKK_EC && type != CKK_EC_EDWARDS) return unsupported("not one of an elliptic curve");
  return unsupported("of another elliptic curve (CKA_EC_PARAMS " + curve + ")");
}

// CKA_EC_POINT is an OCTET STRING in DER; older tokens leave the two octets before it out.
Bytes without_wrapping(Bytes point, std::size_t size) {
  const bool wrapped =
      point.size() == size + 2 && point[0] == '\x04' && point[1] == static_cast<char>(size);
  return wrapped ? point.substr(2) : point;
}

// Of the private key's own, or of the public key with the same id, or label where it has no id.
Result<Bytes> point_of(const TokenSession& session, CK_OBJECT_HANDLE private_key) {
  Bytes point = session.attribute(private_key, CKA_EC_POINT);
  if (!point.empty()) return point;
  Bytes id = session.attribute(private_key, CKA_ID);
  const CK_ATTRIBUTE_TYPE shared = id.empty() ? CKA_LABEL : CKA_ID;
  if (id.empty()) id = session.attribute(private_key, CKA_LABEL);
  CK_OBJECT_CLASS wanted = CKO_PUBLIC_KEY;
  const auto found =
      TRY(session.find({{CKA_CLASS, &wanted, sizeof wanted}, {shared, id.data(), id.size()}}));
  const auto type = session.number(private_key, CKA_KEY_TYPE);
  for (const CK_OBJECT_HANDLE key : found) {
    if (session.number(key, CKA_KEY_TYPE) != type) continue;
    point = session.attribute(key, CKA_EC_POINT);
    if (!point.empty()) return point;
  }
  return Error{Errc::not_found, "token-public-key-missing",
               "the token holds this private key without its public key: put that beside it, with "
               "the same id"};
}

}  // namespace

Result<PublicKey> token_public_key(const TokenSession& session, CK_OBJECT_HANDLE private_key) {
  const KeyAlgorithm algorithm = TRY(algorithm_of(session, private_key));
  Bytes point = TRY(point_of(session, private_key));
  if (algorithm == KeyAlgorithm::ed25519) {
    return PublicKey::from_ed25519(without_wrapping(std::move(point), ed25519_point_size));
  }
  const auto prefix = from_hex(p256_spki_prefix);
  check(prefix.has_value());
  return PublicKey::from_spki(*prefix + without_wrapping(std::move(point), p256_point_size));
}

}  // namespace cpl
