#include "registry/tlog/checkpoint.hpp"

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"

namespace cpl {
namespace {

constexpr std::size_t extensions_max = 16;

Error checkpoint_error(std::string detail) {
  return malformed("checkpoint-malformed", "not a checkpoint: " + std::move(detail));
}

}  // namespace

Bytes format_checkpoint(const Checkpoint& checkpoint) {
  Bytes text = checkpoint.origin + "\n" + std::to_string(checkpoint.size.value) + "\n" +
               to_base64(checkpoint.root) + "\n";
  for (const std::string& line : checkpoint.extensions) text += line + "\n";
  return text;
}

Result<Checkpoint> parse_checkpoint_lines(BytesView text) {
  if (!is_note_text(text)) return checkpoint_error("it must be UTF-8 lines");
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == 0) return checkpoint_error("it has an empty line");
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (lines.size() > 3 + extensions_max) return checkpoint_error("it has too many lines");
  }
  if (lines.size() < 3) return checkpoint_error("it has fewer than three lines");
  const auto size = from_decimal(lines[1]);
  const auto root = hash_from_base64(lines[2]);
  if (!size) return checkpoint_error("its second line is not a size");
  if (!root) return checkpoint_error("its third line is not base64 of 32 octets");
  return Checkpoint{lines[0], TreeSize{*size}, *root, {lines.begin() + 3, lines.end()}};
}

Result<Checkpoint> parse_checkpoint(BytesView text) {
  Checkpoint checkpoint = TRY(parse_checkpoint_lines(text));
  if (checkpoint.size.value == 0 && checkpoint.root != merkle_empty_root()) {
    return checkpoint_error("its size is 0 and its root not that of the empty tree");
  }
  return checkpoint;
}

SignedCheckpoint sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& log_key,
                                 const NoteSigner* also) {
  Note note{format_checkpoint(checkpoint), {}};
  sign_note(note, log_key);
  if (also != nullptr) sign_note(note, *also);
  return {checkpoint, format_note(note)};
}

Result<SignedCheckpoint> open_checkpoint(BytesView message, const NoteVerifier& log_key,
                                         std::string_view origin) {
  const Note note = TRY(parse_note(message));
  TRY_VOID(verify_note(note, std::span(&log_key, 1)));
  Checkpoint checkpoint = TRY(parse_checkpoint(note.text));
  if (checkpoint.origin != origin) {
    return Error{Errc::unauthorized, "origin-mismatch",
                 "the checkpoint is of the log \"" + checkpoint.origin + "\", not of \"" +
                     std::string(origin) + "\""};
  }
  return SignedCheckpoint{std::move(checkpoint), Bytes(message)};
}

}  // namespace cpl
