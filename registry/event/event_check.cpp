#include "registry/event/event_check.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"
#include "registry/event/cover_ending.hpp"
#include "registry/event/event.hpp"
#include "registry/tlog/tlog_proof.hpp"

namespace cpl {
namespace {

constexpr std::size_t text_size_max = 100'000;
constexpr std::size_t seen_max = 10'000;

// The member as text; empty where it is none.
std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The kind of an event is the last three parts of its type: "entry.removed.v1".
std::string kind_of(const std::string& type) {
  auto at = type.size();
  for (int part = 0; part < 3 && at != type.npos; ++part) at = type.rfind('.', at - 1);
  return at == type.npos ? type : type.substr(at + 1);
}

Error distrusted(std::string code, std::string detail) {
  return Error{Errc::unauthorized, std::move(code), std::move(detail)};
}

}  // namespace

Result<Told> EventChecker::check(const Json& event) {
  if (!event.is_object() || !event.contains("data") || !event["data"].is_object()) {
    return malformed("event-malformed", "the event carries no data");
  }
  const Json& data = event["data"];
  if (text_of(event, "type").ends_with("." + std::string(cover_ending_kind))) {
    return check_ending(event, data);
  }
  const bool tells_checkpoint =
      text_of(event, "type").ends_with("." + std::string(checkpoint_kind));
  Told told = TRY(tells_checkpoint ? check_checkpoint(data) : check_entry(event, data));
  told.gap = skipped_something(event);
  told.before = cursor_;
  told.line = (told.sequence ? format_sequence(*told.sequence) : format_sequence(told.cursor)) +
              "  " + text_of(event, "type") + "  " + told.summary;
  if (!cursor_ || told.cursor > *cursor_) cursor_ = told.cursor;
  return told;
}

// The leaf that the event carries, and where the log has it.
Result<EventChecker::ProvenLeaf> EventChecker::proven_leaf(const Json& data) {
  FieldErrors errors;
  FieldReader reader(data, "#/data", errors);
  auto leaf = from_base64(reader.text("leaf", text_size_max));
  const std::string proof_text = reader.text("proof", text_size_max, "\n");
  if (!errors.empty() || !leaf) {
    return malformed("event-malformed", "the event carries no leaf or no proof");
  }
  const TlogProof proof = TRY(parse_tlog_proof(proof_text));
  Checkpoint checkpoint;
  TRY_VOID(trust(proof.checkpoint_note, checkpoint));
  if (verify_inclusion(merkle_leaf(*leaf), proof.index, checkpoint.size, proof.hashes,
                       checkpoint.root)) {
    return ProvenLeaf{proof.index, *std::move(leaf)};
  }
  return distrusted("inclusion-proof-invalid", "the event's entry is not in the log");
}

// That the log gives the model a certificate that ends so, and that this is the day to tell it. It
// moves no cursor: whether a later entry has renewed the certificate, the list says.
Result<Told> EventChecker::check_ending(const Json& event, const Json& data) {
  ProvenLeaf proven = TRY(proven_leaf(data));
  const CoverEnding ending = TRY(read_ending(data, proven.leaf));
  const Event said = event_of(ending, std::move(proven.leaf));
  const bool is_same =
      text_of(event, "id") == ending_id(ending) && text_of(event, "time") == format_time(said.time);
  if (!is_same) return distrusted("event-altered", "the event is another one than its data say");
  Told told;
  told.cursor = cursor_.value_or(proven.index);
  told.before = cursor_;
  told.summary = said.summary;
  told.line = std::string(20, '-') + "  " + text_of(event, "type") + "  " + told.summary;
  return told;
}

Result<Told> EventChecker::check_entry(const Json& event, const Json& data) {
  const ProvenLeaf proven = TRY(proven_leaf(data));
  if (text_of(event, "sequence") != format_sequence(proven.index)) {
    return distrusted("inclusion-proof-invalid", "the event's entry is not in the log");
  }
  // The proof is of the leaf alone: what the envelope says must be what the leaf says.
  const std::string kind = kind_of(text_of(event, "type"));
  const auto said = TRY(event_of(proven.leaf, audience_of(kind)));
  if (!said || said->kind != kind) {
    return distrusted("event-altered", "entry " + std::to_string(proven.index.value) +
                                           " is in the log, but it is no \"" + kind +
                                           "\": the event says what its entry does not");
  }
  if (seen_.size() >= seen_max) seen_.erase(seen_.begin());
  Told told;
  told.sequence = proven.index;
  told.summary = said->summary;
  told.cursor = proven.index;
  told.repeated = !seen_.insert(proven.index).second;
  return told;
}

Result<Told> EventChecker::check_checkpoint(const Json& data) {
  Checkpoint checkpoint;
  TRY_VOID(trust(text_of(data, "checkpoint"), checkpoint));
  if (checkpoint.size.value == 0) return malformed("event-malformed", "the checkpoint is empty");
  Told told;
  told.cursor = EntryIndex{checkpoint.size.value - 1};
  told.summary = "The log is signed at " + counted(checkpoint.size.value, "entry");
  return told;
}

// A proof may be under an older checkpoint than the newest that was seen; a contradiction is one
// size with two roots. That the sizes between are one log is for the audit to show.
Result<void> EventChecker::trust(BytesView note, Checkpoint& checkpoint) {
  checkpoint = TRY(trust_checkpoint(note, policy_)).checkpoint;
  if (newest_ && newest_->size == checkpoint.size && newest_->root != checkpoint.root) {
    return distrusted("log-forked", "the log signed two different roots at size " +
                                        std::to_string(checkpoint.size.value) +
                                        ": keep both and tell the auditors");
  }
  if (!newest_ || checkpoint.size > newest_->size) newest_ = checkpoint;
  return {};
}

bool EventChecker::skipped_something(const Json& event) const {
  const auto previous = parse_sequence(text_of(event, "prevsequence"));
  return cursor_ && previous && *previous > *cursor_;
}

}  // namespace cpl
