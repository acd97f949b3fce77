#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"
#include "registry/evidence/judge_detail.hpp"
#include "registry/list/state_record.hpp"
#include "registry/rules/rules.hpp"
#include "registry/tlog/entry.hpp"
#include "registry/tlog/tlog_proof.hpp"

namespace cpl {
namespace {

// How far a machine's clock may be behind the log's.
constexpr std::uint64_t clock_skew_millis_max = 300'000;

std::string signers_of(const SignedStatement& statement) {
  std::string names;
  for (const NoteVerifier& signer : statement.signers) {
    names += (names.empty() ? "" : ", ") + signer.name();
  }
  return names;
}

std::optional<ModelId> subject_model(const Evidence& evidence) {
  const bool of_model =
      evidence.question == Question::removal || evidence.question == Question::model;
  const auto id = ModelId::parse(of_model ? evidence.subject : "");
  if (!id) return std::nullopt;
  return *id;
}

// The record is the log's word: it may be anything.
Result<ModelRecord> read_state(const ProvenState& state, TreeSize size) {
  ModelRecord record = TRY(read_state_record(*state.record));
  const auto before = [](const std::optional<EntryIndex>& entry, std::uint64_t end) {
    return !entry || entry->value < end;
  };
  const std::uint64_t changed_at = record.changed_at.value;
  const bool in_order = record.model.id() == state.model && changed_at < size.value &&
                        record.added <= record.changed_at &&
                        before(record.changed_before, changed_at) &&
                        before(record.decision, changed_at);
  if (in_order) return record;
  return malformed("state-record-malformed",
                   "not a state of " + state.model.text() +
                       ": it is another's, or names entries that had not come by then");
}

// What the answer looks for among the entries. One for each type of statement, so that one that is
// new does not compile before it stands here.
struct Remember {
  judging::Shown& shown;
  EntryIndex entry;

  void operator()(const Charter&) const {}
  void operator()(const Minutes&) const {}
  void operator()(const Decision&) const {}
  void operator()(const Addition&) const {}
  void operator()(const Receipt&) const {}
  void operator()(const Reinstatement&) const {}
  void operator()(const Correction&) const {}
  void operator()(const CertificateChange&) const {}
  void operator()(const Disclosure&) const {}
  void operator()(const Withdrawal&) const {}
  void operator()(const Loading&) const {}
  void operator()(const Deployment&) const {}
  void operator()(const MeetingCalendar&) const {}
  void operator()(const MeetingPaper&) const {}
  void operator()(const ActionUpdate&) const {}
  void operator()(const Specifications&) const {}

  void operator()(const Notice&) const { shown.notices.push_back(entry); }
  void operator()(const Removal& removal) const {
    if (removal.model == shown.subject) shown.removal = entry;
  }
};

// One run of the judge. Each step notes its check; the first that fails ends the run.
class Judge {
 public:
  Judge(const Evidence& evidence, const TrustPolicy& policy, const JudgeOptions& options)
      : evidence_(evidence),
        policy_(policy),
        options_(options),
        shown_{subject_model(evidence), EvidenceList(subject_model(evidence)), {}, {}, {}} {
    verdict_.question = evidence.question;
    verdict_.subject = evidence.subject;
  }

  Verdict run() {
    if (const auto judged = steps(); !judged) checks_.fail(judged.error());
    return std::move(verdict_);
  }

 private:
  // The states come first: they tell what the rules ask of models besides the subject.
  Result<void> steps() {
    checks_.begin("checkpoint");
    TRY_VOID(check_checkpoint());
    const Entry last = TRY(check_last());
    for (const ProvenState& state : evidence_.states) TRY_VOID(check_state(state, last));
    for (const ProvenEntry& proven : evidence_.entries) TRY_VOID(check_entry(proven, last));
    TRY_VOID(check_log_key());
    return judging::answer(shown_, verdict_, checks_);
  }

  Result<void> check_checkpoint() {
    const TlogProof proof = TRY(parse_tlog_proof(evidence_.last.proof));
    note_ = proof.checkpoint_note;
    const TrustedCheckpoint trusted = TRY(trust_checkpoint(note_, policy_));
    origin_ = trusted.checkpoint.origin;
    root_ = trusted.checkpoint.root;
    tree_size_ = trusted.checkpoint.size;
    log_keys_ = trusted.log_keys;
    verdict_.size = verdict_.tree_size = tree_size_;
    std::string detail =
        "size " + std::to_string(tree_size_.value) + ", signed by " + trusted.log_key_name;
    if (trusted.witness_time) {
      verdict_.as_of = witness_time_millis(*trusted.witness_time);
      detail += ", cosigned by " + counted(trusted.cosigned.size(), "witness") + " at " +
                format_time(*verdict_.as_of);
      shown_.stale =
          is_stale(*trusted.witness_time, options_.witness_age_seconds_max, options_.now);
    }
    checks_.pass(detail);
    return {};
  }

  // The entry whose state root answers; of an earlier size only where the question is of one.
  Result<Entry> check_last() {
    checks_.begin("last entry");
    const Entry last = TRY(prove(evidence_.last));
    TRY_VOID(check_has_come(last));
    verdict_.size = TreeSize{last.index.value + 1};
    verdict_.since = last.time;
    const std::string detail = "entry " + std::to_string(last.index.value);
    if (verdict_.size == tree_size_) {
      if (evidence_.next) {
        return refuse("last-entry-mismatch", "no entry can follow the tree's last");
      }
      checks_.pass(detail + " is the tree's last and carries the state");
      if (!verdict_.as_of) verdict_.as_of = last.time;
      return last;
    }
    if (evidence_.question != Question::model || !evidence_.next) {
      return refuse("last-entry-mismatch", "the entry given as the last is not the tree's last");
    }
    const Entry next = TRY(prove(*evidence_.next));
    if (next.index.value != verdict_.size.value) {
      return refuse("last-entry-mismatch", "the entry given as the next one does not follow");
    }
    if (next.time < last.time) return went_back(next);
    verdict_.as_of = last.time;
    verdict_.until = next.time;
    checks_.pass(detail + " carries the state from " + format_time(last.time) +
                 " until the next came at " + format_time(next.time));
    return last;
  }

  static Error went_back(const Entry& entry) {
    return Error{Errc::unauthorized, "time-went-back",
                 "entry " + std::to_string(entry.index.value) +
                     " says that it is older than one before it: no log's time goes back"};
  }

  Result<void> check_has_come(const Entry& entry) const {
    if (entry.time.value <= options_.now.value + clock_skew_millis_max) return {};
    return refuse("entry-from-future", "entry " + std::to_string(entry.index.value) +
                                           " says that it came at " + format_time(entry.time) +
                                           ", which is yet to come: look at your clock, and " +
                                           "do not trust the log if it is right");
  }

  // The entry is in the tree of the one checkpoint.
  Result<Entry> prove(const ProvenEntry& proven) {
    Entry entry = TRY(parse_entry(proven.leaf));
    const TlogProof proof = TRY(parse_tlog_proof(proven.proof));
    if (proof.checkpoint_note != note_) {
      return refuse("checkpoint-mismatch", "a proof has another checkpoint than the others");
    }
    const bool included =
        proof.index == entry.index &&
        verify_inclusion(merkle_leaf(proven.leaf), entry.index, tree_size_, proof.hashes, root_);
    if (!included) {
      return Error{Errc::unauthorized, "inclusion-proof-invalid",
                   "entry " + std::to_string(entry.index.value) +
                       " is not in the log as it stands here: the entry or its proof was altered"};
    }
    return entry;
  }

  Result<void> check_entry(const ProvenEntry& proven, const Entry& last) {
    checks_.begin("entry");
    const Entry entry = TRY(prove(proven));
    const std::string name = "entry " + std::to_string(entry.index.value);
    checks_.begin(name);
    const bool is_first = !previous_;
    TRY_VOID(check_order(entry, last));
    const SignedStatement statement = TRY(open_statement(entry.statement, shown_.list.charter()));
    checks_.begin(name + ", " + std::string(statement.statement.type()));
    if (is_first && options_.charter && statement.id != *options_.charter) {
      return refuse("charter-mismatch", "the registry's charter is " + to_hex(statement.id) +
                                            ", and not " + to_hex(*options_.charter));
    }
    if (!statements_.insert(statement.id).second) {
      return refuse("statement-repeated", "the same statement is in the log twice");
    }
    shown_.list.go_to(entry.index);
    const Change change =
        TRY(apply(shown_.list, statement, {origin_, entry.index, entry.time, policy_.logs()}));
    shown_.list.put(change);
    std::visit(Remember{shown_, entry.index}, statement.statement.body);
    std::string detail =
        "in the log, signed by " + signers_of(statement) + ", and the rules allow it";
    if (std::holds_alternative<Charter>(statement.statement.body)) {
      detail += "; its id is " + to_hex(statement.id);
    }
    checks_.pass(std::move(detail));
    return {};
  }

  // By rising index and time, and none after the one that carries the state.
  Result<void> check_order(const Entry& entry, const Entry& last) {
    if (previous_ && !(previous_->index < entry.index)) {
      return refuse("evidence-out-of-order", "the entries must stand by rising index");
    }
    if (last.index < entry.index) {
      return refuse("evidence-out-of-order", "an entry is later than the one given as the last");
    }
    if (previous_ && entry.time < previous_->time) return went_back(entry);
    if (last.time < entry.time) return went_back(last);
    previous_ = Place{entry.index, entry.time};
    return {};
  }

  Result<void> check_state(const ProvenState& state, const Entry& last) {
    checks_.begin("state of " + state.model.text());
    const Hash key = state_key(state.model);
    const bool proven =
        state.record ? verify_present(last.state_root, key, state_value(*state.record), state.proof)
                     : verify_absent(last.state_root, key, state.proof);
    if (!proven) {
      return Error{Errc::unauthorized, "state-proof-invalid",
                   "the state of " + state.model.text() +
                       " does not follow from the last entry: it or its proof was altered"};
    }
    std::optional<ModelRecord> record;
    if (state.record) record = TRY(read_state(state, verdict_.size));
    shown_.states[state.model] = state.record;
    checks_.pass((record ? described(*record) : "never listed") + " at log size " +
                 std::to_string(verdict_.size.value));
    shown_.list.know(state.model, std::move(record));
    return {};
  }

  // "removed since entry 8"
  static std::string described(const ModelRecord& record) {
    return std::string(word_of(record.status)) + " since entry " +
           std::to_string(record.changed_at.value);
  }

  // Of an older size the charter may be one that names an older key.
  Result<void> check_log_key() {
    const auto charter = shown_.list.charter();
    if (charter == nullptr || charter->charter.log_keys.empty() || verdict_.size < tree_size_) {
      return {};
    }
    const auto& named = charter->charter.log_keys;
    const bool vouched = std::any_of(log_keys_.begin(), log_keys_.end(), [&](const auto& key) {
      return std::find(named.begin(), named.end(), key) != named.end();
    });
    if (vouched) return {};
    checks_.begin("log key");
    return Error{Errc::unauthorized, "log-key-not-vouched",
                 "the checkpoint is signed by a key that the charter in entry " +
                     std::to_string(charter->entry.value) + " does not name"};
  }

  struct Place {
    EntryIndex index;
    UnixMillis time;
  };

  const Evidence& evidence_;
  const TrustPolicy& policy_;
  const JudgeOptions& options_;
  judging::Shown shown_;
  Verdict verdict_;
  judging::Checks checks_{verdict_};
  Bytes note_;
  std::string origin_;
  Hash root_;
  TreeSize tree_size_;
  std::vector<NoteVerifier> log_keys_;  // That signed the checkpoint, of the policy's.
  std::optional<Place> previous_;
  std::set<Hash> statements_;
};

}  // namespace

Verdict judge(const Evidence& evidence, const TrustPolicy& policy, const JudgeOptions& options) {
  return Judge(evidence, policy, options).run();
}

}  // namespace cpl
