// Signed notes (C2SP signed-note v1.0.0): a text, an empty line, and signature lines. Everything
// signed in this project is one: statements by people, checkpoints by the log, cosignatures by
// witnesses. `parse_note` only reads; nothing in a Note may be believed before `verify_note`.
#pragma once

#include <span>
#include <vector>

#include "crypto/note_key.hpp"

namespace cpl {

inline constexpr std::size_t note_signatures_max = 100;

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes signature;  // Without the key id; never empty.
};

struct Note {
  Bytes text;  // Ends in a newline; this, and nothing else, is what is signed.
  std::vector<NoteSignature> signatures;
};

// Valid UTF-8 with no control character but newline, ending in newline: what may be signed.
bool is_note_text(BytesView text);

Result<Note> parse_note(BytesView message);
// The first line that says it is of the key, verified or not; null if there is none.
const NoteSignature* line_of(const Note& note, const NoteVerifier& key);
Bytes format_note(const Note& note);

// Positions in `keys` of the keys whose signature stands under the note and verifies, each once,
// in the order of the lines. Lines of unknown keys, and further ones of a key, are passed over. The
// first of a known key that does not verify rejects the note; so does having no verified line.
Result<std::vector<std::size_t>> verify_note(const Note& note, std::span<const NoteVerifier> keys);

// Puts a line under the note that `key` made elsewhere; an older one of the same key is replaced.
void put_signature(Note& note, const NoteVerifier& key, Bytes signature);

// Signs with `signer`; an older line of the same key is replaced, others are kept.
void sign_note(Note& note, const NoteSigner& signer);
void cosign_note(Note& note, const NoteSigner& witness, std::uint64_t unix_seconds);

}  // namespace cpl
