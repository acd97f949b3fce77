#include "registry/witness/witness.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/merkle.hpp"

namespace cpl {
namespace {

constexpr std::string_view plain_text = "text/plain; charset=utf-8";

WitnessAnswer answer(unsigned status, std::string_view reason) {
  return {status, std::string(plain_text), Bytes(reason) + "\n"};
}

WitnessAnswer size_answer(TreeSize size) {
  return {409, std::string(witness_size_type), std::to_string(size.value) + "\n"};
}

// Text, an empty line, and more: what is looked at before the signature lines are.
bool is_parted(BytesView note) {
  const auto separator = note.rfind("\n\n");
  return is_note_text(note) && separator != note.npos && separator + 2 < note.size();
}

// Only the lines of these keys: what anybody may add costs no room.
Note with_lines_of(const Note& note, std::span<const NoteVerifier> keys) {
  Note kept{note.text, {}};
  for (const NoteVerifier& key : keys) {
    if (const auto* line = line_of(note, key)) kept.signatures.push_back(*line);
  }
  return kept;
}

// Whether the proof shows that a tree of `size` and `root` extends the last one.
bool extends(const std::optional<SignedCheckpoint>& last, const Checkpoint& checkpoint,
             const std::vector<Hash>& proof) {
  // Anything extends the empty tree, and nothing has to be shown for it.
  if (!last || last->checkpoint.size.value == 0) return proof.empty();
  return verify_consistency(last->checkpoint.size, last->checkpoint.root, checkpoint.size,
                            checkpoint.root, proof);
}

}  // namespace

// A request whose checkpoint is signed by the log.
struct Witness::Submitted {
  AddCheckpoint request;
  Note note;  // With the lines of the log's keys only.
  Checkpoint checkpoint;
};

Witness::Witness(NoteSigner key, WitnessStore& store, const Clock& clock)
    : key_(std::move(key)), store_(store), clock_(clock) {}

Result<std::unique_ptr<Witness>> Witness::open(NoteSigner key,
                                               const std::vector<NoteVerifier>& logs,
                                               WitnessStore& store, const Clock& clock) {
  if (key.verifier().type() != NoteKeyType::cosignature) {
    return malformed("key-malformed",
                     "the key is no witness's: cpl key create --algorithm witness makes one");
  }
  std::unique_ptr<Witness> witness(new Witness(std::move(key), store, clock));
  for (const NoteVerifier& log_key : logs) {
    if (log_key.type() == NoteKeyType::cosignature) {
      return malformed("key-malformed", log_key.name() + ": a witness's key cannot be a log's");
    }
    if (log_key.key() == witness->key_.verifier().key()) {
      return malformed("key-malformed", log_key.name() + ": a log cannot be its own witness");
    }
    auto& log = witness->logs_[log_key.name()];
    if (log == nullptr) log = std::make_unique<Log>();
    log->origin = log_key.name();
    log->keys.push_back(log_key);
  }
  for (const auto& [origin, log] : witness->logs_) {
    const Lock lock(log->mutex);
    TRY_VOID(witness->read_back(*log));
    witness->by_hash_.emplace(sha256(origin), log.get());
  }
  return witness;
}

Result<void> Witness::read_back(Log& log) {
  const auto stored = TRY(store_.last(log.origin));
  if (!stored) return {};
  auto last = open_checkpoint(*stored, key_.verifier(), log.origin);
  if (!last) {
    return corrupt("what this witness remembers of " + log.origin +
                   " is not a checkpoint that its key cosigned (" + last.error().detail +
                   "): without its memory it must not cosign");
  }
  log.last = *std::move(last);
  return {};
}

WitnessAnswer Witness::add_checkpoint(BytesView body) {
  auto request = parse_add_checkpoint(body);
  if (!request) return answer(400, request.error().detail);
  if (!is_parted(request->note)) return answer(400, "the checkpoint is not a signed note");
  const auto log = logs_.find(BytesView(request->note).substr(0, request->note.find('\n')));
  if (log == logs_.end()) return answer(404, "this witness does not know the log");
  const auto note = parse_note(request->note);
  // A signature line that cannot be read is no signature of the log's.
  if (!note) return answer(403, note.error().detail);
  if (const auto verified = verify_note(*note, log->second->keys); !verified) {
    return answer(403, verified.error().detail);
  }
  auto checkpoint = parse_checkpoint_lines(note->text);
  if (!checkpoint) return answer(400, checkpoint.error().detail);
  if (request->old > checkpoint->size) {
    return answer(400, "the old size is larger than the checkpoint's");
  }
  const Submitted submitted{*std::move(request), with_lines_of(*note, log->second->keys),
                            *std::move(checkpoint)};
  // From here to the store's answer is one step: nothing may come between check and record.
  const Lock lock(log->second->mutex);
  return judge(*log->second, submitted);
}

WitnessAnswer Witness::judge(Log& log, const Submitted& submitted) {
  const Checkpoint& checkpoint = submitted.checkpoint;
  const TreeSize known = log.last ? log.last->checkpoint.size : TreeSize{0};
  const bool another_root =
      log.last && checkpoint.size == known && checkpoint.root != log.last->checkpoint.root;
  if (another_root && submitted.request.old == known) {
    return refuse_checkpoint(log, submitted, "another root was cosigned at this size");
  }
  if (submitted.request.old != known) {
    // Two roots for one size are proof enough, whatever the request was for.
    if (another_root) refuse_checkpoint(log, submitted, "");
    return size_answer(known);
  }
  if (checkpoint.size.value == 0 && checkpoint.root != merkle_empty_root()) {
    return refuse_checkpoint(log, submitted, "an empty tree has another root");
  }
  if (!extends(log.last, checkpoint, submitted.request.proof)) {
    return refuse_checkpoint(log, submitted,
                             "the consistency proof does not lead from what was cosigned to this");
  }
  return cosign(log, submitted);
}

WitnessAnswer Witness::cosign(Log& log, const Submitted& submitted) {
  const std::uint64_t seconds = clock_.now().value / 1000;
  if (seconds == 0) return answer(503, "this witness's clock is not set");
  Note note = submitted.note;
  cosign_note(note, key_, seconds);
  SignedCheckpoint cosigned{submitted.checkpoint, format_note(note)};
  // Of what is on record already only a newer word is given, which anybody may ask for: no write.
  const bool on_record = log.last && log.last->note.starts_with(submitted.note.text + "\n");
  if (!on_record && !store_.put(log.origin, cosigned.note)) {
    return answer(500, "the record of this witness cannot be written");
  }
  log.last = std::move(cosigned);
  const Note line{submitted.note.text, {note.signatures.back()}};
  return {200, std::string(plain_text), format_note(line).substr(line.text.size() + 1)};
}

WitnessAnswer Witness::refuse_checkpoint(const Log& log, const Submitted& submitted,
                                         std::string_view reason) {
  // The answer is the same whether or not there was room to keep it.
  if (const auto kept = store_.keep_refused(log.origin, format_note(submitted.note)); !kept) {
    return answer(422, std::string(reason) + " (and it could not be kept)");
  }
  return answer(422, reason);
}

std::optional<Bytes> Witness::latest(const Hash& origin_hash) const {
  const auto found = by_hash_.find(origin_hash);
  if (found == by_hash_.end()) return std::nullopt;
  const Lock lock(found->second->mutex);
  if (!found->second->last) return std::nullopt;
  return found->second->last->note;
}

}  // namespace cpl
