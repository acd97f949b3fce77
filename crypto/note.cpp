#include "crypto/note.hpp"

#include "crypto/encoding.hpp"
#include "crypto/plain_text.hpp"

namespace cpl {
namespace {

constexpr std::string_view em_dash = "\xE2\x80\x94 ";
constexpr std::size_t key_id_size = 4;

Error note_error(std::string detail) {
  return malformed("note-malformed", "not a signed note: " + std::move(detail));
}

Result<NoteSignature> parse_signature_line(std::string_view line) {
  if (!line.starts_with(em_dash)) {
    return note_error("a signature line starts with an em dash and a space");
  }
  line.remove_prefix(em_dash.size());
  const auto space = line.find(' ');
  if (space == line.npos) return note_error("a signature line has a name, a space and base64");
  const std::string_view name = line.substr(0, space);
  const auto decoded = from_base64(line.substr(space + 1));
  if (!is_note_key_name(name)) return note_error("a signature line's key name is malformed");
  if (!decoded || decoded->size() <= key_id_size) {
    return note_error("a signature line does not end in base64 of a key id and a signature");
  }
  return NoteSignature{
      std::string(name),
      static_cast<std::uint32_t>(read_big_endian(BytesView(*decoded).substr(0, key_id_size))),
      decoded->substr(key_id_size)};
}

bool of_key(const NoteSignature& line, const NoteVerifier& key) {
  return line.key_id == key.key_id() && line.name == key.name();
}

}  // namespace

bool is_note_text(BytesView text) {
  if (text.empty() || text.back() != '\n' || !is_utf8(text)) return false;
  while (true) {
    text.remove_prefix(uncontrolled_prefix_size(text));
    if (text.empty()) return true;
    if (text.front() != '\n') return false;
    text.remove_prefix(1);
  }
}

Result<Note> parse_note(BytesView message) {
  if (const auto damage = damage_of(message, LineEnds::lf_only)) {
    return note_error("it " + std::string(*damage) +
                      ", so it was changed on its way: send it as it was made, as an attachment");
  }
  if (!is_note_text(message)) {
    return note_error("it must be UTF-8 with no control character but newline, ending in newline");
  }
  // The last empty line separates: the text may hold empty lines of its own.
  const auto separator = message.rfind("\n\n");
  if (separator == message.npos || separator + 2 == message.size()) {
    return note_error("there are no signature lines after an empty line");
  }
  Note note{Bytes(message.substr(0, separator + 1)), {}};
  std::string_view rest = message.substr(separator + 2);
  while (!rest.empty()) {
    if (note.signatures.size() == note_signatures_max) {
      return note_error("more than " + std::to_string(note_signatures_max) + " signatures");
    }
    const auto end = rest.find('\n');
    note.signatures.push_back(TRY(parse_signature_line(rest.substr(0, end))));
    rest.remove_prefix(end + 1);
  }
  return note;
}

const NoteSignature* line_of(const Note& note, const NoteVerifier& key) {
  const auto line = std::find_if(note.signatures.begin(), note.signatures.end(),
                                 [&](const NoteSignature& one) { return of_key(one, key); });
  return line == note.signatures.end() ? nullptr : &*line;
}

Bytes format_note(const Note& note) {
  Bytes out = note.text + "\n";
  for (const NoteSignature& line : note.signatures) {
    Bytes octets;
    append_u32(octets, line.key_id);
    out.append(em_dash).append(line.name).append(" ");
    out.append(to_base64(octets + line.signature)).append("\n");
  }
  return out;
}

Result<std::vector<std::size_t>> verify_note(const Note& note, std::span<const NoteVerifier> keys) {
  std::vector<std::size_t> verified;
  for (const NoteSignature& line : note.signatures) {
    const auto key = std::find_if(keys.begin(), keys.end(),
                                  [&](const NoteVerifier& k) { return of_key(line, k); });
    if (key == keys.end()) continue;
    const auto position = static_cast<std::size_t>(key - keys.begin());
    if (std::find(verified.begin(), verified.end(), position) != verified.end()) continue;
    if (!key->verify(note.text, line.signature)) {
      return Error{Errc::unauthorized, "signature-invalid",
                   "the signature of " + line.name + " does not verify: the text was altered " +
                       "after it was signed, or the signature was"};
    }
    verified.push_back(position);
  }
  if (verified.empty()) {
    return Error{Errc::unauthorized, "signature-missing",
                 "none of the signatures is by a key that counts here"};
  }
  return verified;
}

void put_signature(Note& note, const NoteVerifier& key, Bytes signature) {
  check(is_note_text(note.text));
  NoteSignature made{key.name(), key.key_id(), std::move(signature)};
  const auto is_old = [&](const NoteSignature& line) { return of_key(line, key); };
  const auto old = std::find_if(note.signatures.begin(), note.signatures.end(), is_old);
  if (old == note.signatures.end()) {
    note.signatures.push_back(std::move(made));
    return;
  }
  *old = std::move(made);
  note.signatures.erase(std::remove_if(old + 1, note.signatures.end(), is_old),
                        note.signatures.end());
}

void sign_note(Note& note, const NoteSigner& signer) {
  put_signature(note, signer.verifier(), signer.sign(note.text));
}

void cosign_note(Note& note, const NoteSigner& witness, std::uint64_t unix_seconds) {
  put_signature(note, witness.verifier(), witness.cosign(note.text, unix_seconds));
}

}  // namespace cpl
