#include "registry/log/witness_client.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "registry/base/http_tokens.hpp"
#include "registry/tlog/split_view.hpp"

namespace cpl {
namespace {

using Meaning = WitnessClient::Meaning;
using Outcome = WitnessClient::Outcome;

constexpr std::size_t quoted_octets_max = 200;

// What a stranger said, as one line that does no harm in a log.
std::string quoted(const WitnessAnswer& answer) {
  std::string text;
  for (const char c : answer.body.substr(0, quoted_octets_max)) {
    text += c >= 0x20 && c < 0x7F ? c : ' ';
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return "it answered " + std::to_string(answer.status) + (text.empty() ? "" : " \"" + text + "\"");
}

Outcome told(Meaning meaning, std::string detail) { return {meaning, {}, std::move(detail)}; }

// The signature lines of an answer for this text. Some send them below the whole checkpoint.
Result<Note> read_lines(const Bytes& text, BytesView lines) {
  Note note = TRY(parse_note(text + "\n" + Bytes(lines)));
  if (note.text == text) return note;
  note = TRY(parse_note(lines));
  if (note.text == text) return note;
  return malformed("note-malformed", "they are for another checkpoint");
}

// Whether the log's own tree shows that the head extends the size that the request started from.
Result<bool> proof_is_right(const LogView& head, TreeSize old) {
  if (old.value == 0 || old == head.size()) return true;
  const TileNodes nodes(head.size(), [&](const TileId& id) { return head.tile(id); });
  const Hash old_root = TRY(merkle_root(nodes, old));
  const auto proof = TRY(consistency_proof(nodes, old, head.size()));
  return verify_consistency(old, old_root, head.size(), head.checkpoint().root, proof);
}

}  // namespace

Result<Bytes> WitnessClient::request(const LogView& head) {
  AddCheckpoint request{std::min(last_, head.size()), {}, head.checkpoint_note()};
  last_ = request.old;
  if (request.old.value > 0) request.proof = TRY(head.consistency(request.old));
  return format_add_checkpoint(request);
}

Outcome WitnessClient::take(const LogView& head, TreeSize newest, const WitnessAnswer& answer) {
  if (answer.status == 200) return take_lines(head, answer.body);
  if (answer.status == 409) return take_conflict(head, newest, answer);
  if (answer.status == 422) return take_unprocessable(head, answer);
  if (answer.status == 403) {
    return told(Meaning::misconfigured, quoted(answer) + ": it does not trust the log's key");
  }
  if (answer.status == 404) {
    return told(Meaning::misconfigured, quoted(answer) + ": it does not know the log");
  }
  return told(Meaning::failed, quoted(answer));
}

Outcome WitnessClient::take_lines(const LogView& head, BytesView lines) {
  const Note ours = {format_checkpoint(head.checkpoint()), {}};
  const auto note = read_lines(ours.text, lines);
  if (!note) {
    return told(Meaning::failed, "its signature lines cannot be read: " + note.error().detail);
  }
  Outcome outcome{Meaning::cosigned, {}, {}};
  for (const NoteSignature& line : note->signatures) {
    if (line.key_id != key_.key_id() || line.name != key_.name()) continue;
    if (!key_.verify(ours.text, line.signature)) continue;
    const bool newer =
        outcome.cosignature.signature.empty() ||
        cosignature_time(line.signature) > cosignature_time(outcome.cosignature.signature);
    if (newer) outcome.cosignature = line;
  }
  if (outcome.cosignature.signature.empty()) {
    return told(Meaning::failed, "its answer has no cosignature that verifies under its key");
  }
  last_ = head.size();
  return outcome;
}

Outcome WitnessClient::take_conflict(const LogView& head, TreeSize newest,
                                     const WitnessAnswer& answer) {
  if (media_type(answer.content_type) != witness_size_type) {
    return told(Meaning::contradicts,
                quoted(answer) + ", as to another root than it has cosigned for this size");
  }
  std::string_view digits = answer.body;
  if (digits.ends_with('\n')) digits.remove_suffix(1);
  const auto known = from_decimal(digits);
  if (!known) return told(Meaning::failed, quoted(answer) + ", which is no size");
  if (*known > newest.value) {
    return told(Meaning::contradicts,
                quoted(answer) + ", and this log has " + std::to_string(newest.value) + " entries");
  }
  last_ = TreeSize{*known};
  // Somebody else has shown it a newer checkpoint of ours: they are public.
  if (last_ > head.size()) return told(Meaning::ahead, quoted(answer));
  return told(Meaning::ask_again, quoted(answer));
}

Outcome WitnessClient::take_unprocessable(const LogView& head, const WitnessAnswer& answer) const {
  const auto right = proof_is_right(head, last_);
  if (!right || !*right) {
    return told(Meaning::failed, quoted(answer) + ", and our own tree gives no proof from size " +
                                     std::to_string(last_.value));
  }
  return told(Meaning::contradicts,
              quoted(answer) + " to a correct proof from size " + std::to_string(last_.value));
}

std::string WitnessClient::checkpoint_path(const std::string& origin) {
  return "/" + to_hex(sha256(origin)) + "/checkpoint";
}

ShownCheckpoint judge_shown(const LogView& newest, const TrustPolicy& policy,
                            const WitnessAnswer& answer) {
  if (answer.status != 200) return {false, "shows no checkpoint: " + quoted(answer)};
  const FetchResource own_tiles = [&](const std::string& path) -> Result<Bytes> {
    const auto tile = parse_tile_path(path);
    check(tile.has_value());
    return newest.tile(*tile);
  };
  const auto held = compare_held(own_tiles, policy, newest.checkpoint(), answer.body, std::nullopt);
  if (!held) return {false, "could not be compared with this log: " + held.error().detail};
  const std::string size = std::to_string(held->size.value);
  switch (held->relation) {
    case ViewRelation::same:
      return {false, "shows a checkpoint of size " + size + " that is of this very history"};
    case ViewRelation::unknown:
      return {false, "shows no checkpoint of this log: " + held->detail};
    case ViewRelation::other:
      return {true, "shows a checkpoint of size " + size +
                        " that this log's key signed, with another root than this log's"};
    case ViewRelation::ahead:
      return {true, "shows a checkpoint of size " + size +
                        " that this log's key signed, and this log never had more than " +
                        counted(newest.size().value, "entry")};
  }
  return {};
}

}  // namespace cpl
