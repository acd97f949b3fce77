#include "registry/tlog/split_view.hpp"

#include "registry/tlog/tiles.hpp"

namespace cpl {
namespace {

// The root of the tree of `size`, proven to be under the newer root.
Result<Hash> proven_root(const FetchResource& fetch, const Checkpoint& newer, TreeSize size) {
  const TileNodes nodes(newer.size, [&](const TileId& id) { return fetch(tile_path(id)); });
  const Hash root = TRY(merkle_root(nodes, size));
  const auto proof = TRY(consistency_proof(nodes, size, newer.size));
  if (verify_consistency(size, root, newer.size, newer.root, proof)) return root;
  return Error{Errc::unauthorized, "tile-mismatch",
               "the log's hash tiles do not give the root of its checkpoint"};
}

bool signed_by(const Note& note, const std::vector<NoteVerifier>& keys) {
  return verify_note(note, keys).has_value();
}

Result<Checkpoint> open_held(const Bytes& note_text, const TrustPolicy& policy,
                             const std::string& origin, const std::optional<NoteVerifier>& holder) {
  if (note_text.size() > held_note_size_max) return malformed("note-malformed", "it is too large");
  const Note note = TRY(parse_note(note_text));
  std::vector<NoteVerifier> log_keys;
  for (const NoteVerifier& key : policy.logs()) {
    if (key.name() == origin) log_keys.push_back(key);
  }
  if (!signed_by(note, log_keys)) {
    return malformed("signature-missing", "the log's key has not signed it");
  }
  if (holder && !signed_by(note, {*holder})) {
    return malformed("signature-missing", "who holds it has not cosigned it");
  }
  Checkpoint checkpoint = TRY(parse_checkpoint(note.text));
  if (checkpoint.origin != origin) {
    return malformed("origin-mismatch", "it is of another log, \"" + checkpoint.origin + "\"");
  }
  return checkpoint;
}

}  // namespace

Result<bool> begins_with(const FetchResource& fetch, const Checkpoint& newer,
                         const Checkpoint& older) {
  if (older.size > newer.size) return false;
  if (older.size == newer.size) return older.root == newer.root;
  if (older.size.value == 0) return true;
  return TRY(proven_root(fetch, newer, older.size)) == older.root;
}

Result<HeldCheckpoint> compare_held(const FetchResource& fetch, const TrustPolicy& policy,
                                    const Checkpoint& seen, const Bytes& held_note,
                                    const std::optional<NoteVerifier>& holder) {
  const auto held = open_held(held_note, policy, seen.origin, holder);
  if (!held) return HeldCheckpoint{ViewRelation::unknown, {}, held.error().detail};
  HeldCheckpoint compared{ViewRelation::ahead, held->size, {}};
  if (held->size > seen.size) return compared;
  const bool same = TRY(begins_with(fetch, seen, *held));
  compared.relation = same ? ViewRelation::same : ViewRelation::other;
  return compared;
}

}  // namespace cpl
