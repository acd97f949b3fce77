#include "crypto/person_signer.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::string_view name_begin = "name: ";
constexpr std::string_view signer_uri_begin = "uri: ";

}  // namespace

Result<std::optional<TokenKeyFile>> TokenKeyFile::parse(std::string_view text) {
  const auto name = take_line(text);
  if (!name || !name->starts_with(name_begin) || !text.starts_with(signer_uri_begin))
    return std::nullopt;
  const auto uri = take_line(text);
  if (!uri || !text.empty()) {
    return malformed("key-file-malformed",
                     "the key file of a key in a token is two whole lines, \"name: <name>\" and "
                     "\"uri: pkcs11:…\", and nothing after them");
  }
  return TokenKeyFile{std::string(name->substr(name_begin.size())),
                      std::string(uri->substr(signer_uri_begin.size()))};
}

std::string TokenKeyFile::to_text() const {
  return std::string(name_begin) + name + "\n" + std::string(signer_uri_begin) + uri + "\n";
}

PersonSigner::PersonSigner(NoteVerifier verifier, std::shared_ptr<const SigningKey> key)
    : verifier_(std::move(verifier)), key_(std::move(key)) {}

Result<PersonSigner> PersonSigner::create(std::string name, std::shared_ptr<const SigningKey> key) {
  const PublicKey& public_key = key->public_key();
  const auto type = public_key.algorithm() == KeyAlgorithm::ed25519 ? NoteKeyType::ed25519
                                                                    : NoteKeyType::ecdsa_p256;
  NoteVerifier verifier = TRY(NoteVerifier::create(std::move(name), type, public_key));
  return PersonSigner(std::move(verifier), std::move(key));
}

Result<PersonSigner> PersonSigner::create(const NoteSigner& signer) {
  if (signer.verifier().type() == NoteKeyType::cosignature) {
    return malformed("key-malformed", "this is a witness's key: it signs no statements");
  }
  return PersonSigner(signer.verifier(), held_key(signer.key()));
}

Result<void> sign_note(Note& note, const PersonSigner& signer) {
  put_signature(note, signer.verifier(), TRY(signer.key().sign(note.text)));
  return {};
}

}  // namespace cpl
