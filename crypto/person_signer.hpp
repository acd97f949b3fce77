// What a person signs notes with: a name, and a key that is in a file or in a token. As NoteSigner,
// but signing may fail.
#pragma once

#include "crypto/note.hpp"
#include "crypto/signing_key.hpp"

namespace cpl {

// A key file for a key in a token: these two lines and no more. Nothing in it is secret.
//   name: <name>
//   uri: pkcs11:<RFC 7512>
struct TokenKeyFile {
  std::string name;
  std::string uri;

  // Nothing where it is a key file of another form.
  static Result<std::optional<TokenKeyFile>> parse(std::string_view text);
  std::string to_text() const;
};

class PersonSigner {
 public:
  static Result<PersonSigner> create(std::string name, std::shared_ptr<const SigningKey> key);
  // A key in a file; refuses a witness's, which signs no statements.
  static Result<PersonSigner> create(const NoteSigner& signer);

  const NoteVerifier& verifier() const { return verifier_; }
  const SigningKey& key() const { return *key_; }

 private:
  PersonSigner(NoteVerifier verifier, std::shared_ptr<const SigningKey> key);

  NoteVerifier verifier_;
  std::shared_ptr<const SigningKey> key_;
};

// As sign_note of a NoteSigner. On error the note is as it was.
Result<void> sign_note(Note& note, const PersonSigner& signer);

}  // namespace cpl
