// The named keys of signed notes (C2SP signed-note): who a signature line says it is from.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "crypto/keys.hpp"

namespace cpl {

// The octet that says how a note key signs. On the wire: never renumber.
enum class NoteKeyType : std::uint8_t {
  ed25519 = 0x01,      // Ed25519 over the text.
  ecdsa_p256 = 0x02,   // ECDSA P-256 over SHA-256 of the text, ASN.1 DER.
  cosignature = 0x04,  // A witness: Ed25519 over a time and the text (C2SP tlog-cosignature).
};

// Not empty, UTF-8, no white space, no '+', nothing that is not seen, at most 255 octets.
bool is_note_key_name(std::string_view name);

class NoteVerifier {
 public:
  static Result<NoteVerifier> create(std::string name, NoteKeyType type, PublicKey key);
  // A key string: <name>+<8 hex digits>+<base64 of type and key>. A key id that the key does not
  // have is refused.
  static Result<NoteVerifier> parse(std::string_view text);

  const std::string& name() const { return name_; }
  std::uint32_t key_id() const { return key_id_; }
  NoteKeyType type() const { return type_; }
  const PublicKey& key() const { return key_; }
  std::string to_string() const;

  // `signature` is what follows the key id in the line. Total; any thread.
  bool verify(BytesView text, BytesView signature) const;

  bool operator==(const NoteVerifier& other) const {
    return name_ == other.name_ && key_id_ == other.key_id_ && key_ == other.key_;
  }

 private:
  NoteVerifier(std::string name, NoteKeyType type, PublicKey key);

  std::string name_;
  NoteKeyType type_;
  PublicKey key_;
  std::uint32_t key_id_;
};

class NoteSigner {
 public:
  // The type follows from the key's algorithm.
  static Result<NoteSigner> create(std::string name, PrivateKey key);
  // A witness's signer; needs an Ed25519 key.
  static Result<NoteSigner> create_cosigner(std::string name, PrivateKey key);
  // A key file: "name: <name>" above a PKCS#8 PEM block, with a line "type: cosignature" between
  // them for a witness's; or one line in the form of Go's sumdb/note,
  // PRIVATE+KEY+<name>+<id>+<base64>.
  // The PEM block may be locked by a pass phrase.
  static Result<NoteSigner> parse(std::string_view text, BytesView pass_phrase = {});

  const NoteVerifier& verifier() const { return verifier_; }
  const PrivateKey& key() const { return key_; }
  std::string to_key_file(BytesView pass_phrase = {}) const;  // Secret.

  Bytes sign(BytesView text) const;  // Not for cosigners: they need a time.
  Bytes cosign(BytesView text, std::uint64_t unix_seconds) const;

 private:
  NoteSigner(NoteVerifier verifier, PrivateKey key);

  NoteVerifier verifier_;
  PrivateKey key_;
};

// The time that a cosignature's octets carry, POSIX seconds.
std::uint64_t cosignature_time(BytesView signature);

}  // namespace cpl
