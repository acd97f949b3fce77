#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"
#include "registry/entry.hpp"
#include "registry/evidence_list.hpp"
#include "registry/rules.hpp"
#include "registry/state_record.hpp"
#include "registry/tlog_proof.hpp"
#include "registry/verdict.hpp"

namespace cpl {
namespace {

std::string signers_of(const SignedStatement& statement) {
  std::string names;
  for (const NoteVerifier& signer : statement.signers) {
    names += (names.empty() ? "" : ", ") + signer.name();
  }
  return names;
}

// "removed since entry 8". The record is the log's word: it may be anything.
Result<std::string> describe_state(BytesView record) {
  const ModelRecord state = TRY(read_state_record(record));
  return std::string(model_status_words[static_cast<std::size_t>(state.status)]) + " since entry " +
         std::to_string(state.changed_at.value);
}

// One run of the judge. Each step notes its check; the first that fails ends the run.
class Judge {
 public:
  Judge(const Evidence& evidence, const TrustPolicy& policy, const JudgeOptions& options)
      : evidence_(evidence), policy_(policy), options_(options), list_(subject_model()) {
    verdict_.question = evidence.question;
    verdict_.subject = evidence.subject;
  }

  Verdict run() {
    if (const auto judged = steps(); !judged) {
      verdict_.outcome = Outcome::invalid;
      verdict_.code = judged.error().code;
      verdict_.sentence = judged.error().detail;
      verdict_.checks.push_back({step_, false, judged.error().detail});
    }
    return std::move(verdict_);
  }

 private:
  std::optional<ModelId> subject_model() const {
    const bool of_model =
        evidence_.question == Question::removal || evidence_.question == Question::model;
    const auto id = ModelId::parse(of_model ? evidence_.subject : "");
    if (!id) return std::nullopt;
    return *id;
  }

  void pass(std::string detail) {
    verdict_.checks.push_back({std::move(step_), true, std::move(detail)});
    step_.clear();
  }

  Result<void> steps() {
    step_ = "checkpoint";
    TRY_VOID(check_checkpoint());
    for (const ProvenEntry& proven : evidence_.entries) TRY_VOID(check_entry(proven));
    const Entry last = TRY(check_last());
    for (const ProvenState& state : evidence_.states) TRY_VOID(check_state(state, last));
    return conclude();
  }

  Result<void> check_checkpoint() {
    const TlogProof proof = TRY(parse_tlog_proof(evidence_.last.proof));
    note_ = proof.checkpoint_note;
    const TrustedCheckpoint trusted = TRY(trust_checkpoint(note_, policy_));
    origin_ = trusted.checkpoint.origin;
    root_ = trusted.checkpoint.root;
    tree_size_ = trusted.checkpoint.size;
    verdict_.size = verdict_.tree_size = tree_size_;
    std::string detail =
        "size " + std::to_string(tree_size_.value) + ", signed by " + trusted.log_key_name;
    if (trusted.witness_time) {
      verdict_.as_of = witness_time_millis(*trusted.witness_time);
      detail += ", cosigned by " + counted(trusted.cosigned.size(), "witness") + " at " +
                format_time(*verdict_.as_of);
      stale_ = is_stale(*trusted.witness_time, options_.witness_age_seconds_max, options_.now);
    }
    pass(detail);
    return {};
  }

  // The entry whose state root answers; of an earlier size only where the question is of one.
  Result<Entry> check_last() {
    step_ = "last entry";
    const Entry last = TRY(prove(evidence_.last));
    verdict_.size = TreeSize{last.index.value + 1};
    verdict_.since = last.time;
    const std::string detail = "entry " + std::to_string(last.index.value);
    if (verdict_.size == tree_size_) {
      if (evidence_.next) {
        return refuse("last-entry-mismatch", "no entry can follow the tree's last");
      }
      pass(detail + " is the tree's last and carries the state");
      if (!verdict_.as_of) verdict_.as_of = last.time;
      return last;
    }
    if (evidence_.question != Question::model || !evidence_.next) {
      return refuse("last-entry-mismatch", "the entry given as the last is not the tree's last");
    }
    if (previous_ && last.index < *previous_) {
      return refuse("evidence-out-of-order", "an entry is later than the one given as the last");
    }
    const Entry next = TRY(prove(*evidence_.next));
    if (next.index.value != verdict_.size.value) {
      return refuse("last-entry-mismatch", "the entry given as the next one does not follow");
    }
    verdict_.as_of = last.time;
    verdict_.until = next.time;
    pass(detail + " carries the state from " + format_time(last.time) + " until the next came at " +
         format_time(next.time));
    return last;
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

  Result<void> check_entry(const ProvenEntry& proven) {
    step_ = "entry";
    const Entry entry = TRY(prove(proven));
    step_ = "entry " + std::to_string(entry.index.value);
    if (previous_ && !(*previous_ < entry.index)) {
      return refuse("evidence-out-of-order", "the entries must stand by rising index");
    }
    const bool is_first = !previous_;
    previous_ = entry.index;
    const SignedStatement statement = TRY(open_statement(entry.statement, list_.charter()));
    step_ += ", " + std::string(statement.statement.type());
    if (is_first && options_.charter && statement.id != *options_.charter) {
      return refuse("charter-mismatch", "the registry's charter is " + to_hex(statement.id) +
                                            ", and not " + to_hex(*options_.charter));
    }
    const Change change =
        TRY(apply(list_, statement, {origin_, entry.index, entry.time, policy_.logs()}));
    list_.put(change);
    remember(entry, statement.statement);
    std::string detail =
        "in the log, signed by " + signers_of(statement) + ", and the rules allow it";
    if (std::holds_alternative<Charter>(statement.statement.body)) {
      detail += "; its id is " + to_hex(statement.id);
    }
    pass(std::move(detail));
    return {};
  }

  void remember(const Entry& entry, const Statement& statement) {
    if (const auto* removal = std::get_if<Removal>(&statement.body)) {
      if (removal->model.text() == evidence_.subject) removal_ = entry.index;
    }
    if (std::holds_alternative<Notice>(statement.body)) notices_.push_back(entry.index);
  }

  Result<void> check_state(const ProvenState& state, const Entry& last) {
    step_ = "state of " + state.model.text();
    const Hash key = state_key(state.model);
    const bool proven =
        state.record ? verify_present(last.state_root, key, state_value(*state.record), state.proof)
                     : verify_absent(last.state_root, key, state.proof);
    if (!proven) {
      return Error{Errc::unauthorized, "state-proof-invalid",
                   "the state of " + state.model.text() +
                       " does not follow from the last entry: it or its proof was altered"};
    }
    states_[state.model] = state.record;
    pass((state.record ? TRY(describe_state(*state.record)) : "never listed") + " at log size " +
         std::to_string(verdict_.size.value));
    return {};
  }

  // What all the checks come to.
  Result<void> conclude() {
    step_ = "answer";
    switch (evidence_.question) {
      case Question::removal:
        return conclude_decision(TRY(decision_of_notice(TRY(conclude_removal()))));
      case Question::notice:
        return conclude_decision(TRY(decision_of_notice(TRY(conclude_notice()))));
      case Question::model:
        return conclude_model();
      case Question::decision:
        return conclude_decision(TRY(conclude_recorded()));
    }
    return {};
  }

  Result<EntryIndex> decision_of_notice(EntryIndex notice) const {
    const auto record = TRY(list_.notice(notice));
    if (!record) return refuse("notice-not-found", "the evidence holds no such notice");
    return record->notice.decision;
  }

  Result<void> conclude_decision(EntryIndex entry) {
    const auto decision = TRY(list_.decision(entry));
    if (!decision) return refuse("decision-not-found", "the evidence holds no decision");
    step_ = "minutes";
    const std::string minutes =
        decision->final_minutes ? std::to_string(decision->final_minutes->value) : "";
    switch (decision->standing) {
      case DecisionStanding::contradicted:
        return refuse("decision-contradicted", "the final minutes in entry " + minutes +
                                                   " hold another text than the decision, or none");
      case DecisionStanding::confirmed:
        pass("the final minutes in entry " + minutes + " hold the decision, word for word");
        break;
      case DecisionStanding::provisional:
        pass(minutes.empty() ? "no final minutes hold the decision yet"
                             : "whether the final minutes in entry " + minutes +
                                   " hold the decision cannot be told while a text is sealed");
    }
    settle(decision->standing == DecisionStanding::confirmed);
    return {};
  }

  void settle(bool confirmed) {
    verdict_.outcome = stale_      ? Outcome::valid_stale
                       : confirmed ? Outcome::valid
                                   : Outcome::valid_provisional;
  }

  Result<EntryIndex> conclude_recorded() {
    const auto number = from_decimal(evidence_.subject);
    const EntryIndex index{number.value_or(0)};
    const auto record = TRY(list_.decision(index));
    if (!number || !record) {
      return refuse("evidence-incomplete", "the evidence does not hold the decision in question");
    }
    std::size_t models = 0;
    for (const Authorisation& authorisation : record->decision.authorises) {
      models += authorisation.models.size();
    }
    verdict_.sentence =
        "the decision in entry " + evidence_.subject + " says " + to_string(record->decision.verb) +
        ", which " +
        (authorises(record->decision.verb) ? "authorises what it names: " + counted(models, "model")
                                           : "authorises nothing");
    pass(verdict_.sentence);
    return index;
  }

  // Listed, removed or never listed, as of the size in question.
  Result<void> conclude_model() {
    const auto id = subject_model();
    const auto state = id ? states_.find(*id) : states_.end();
    if (state == states_.end()) {
      return refuse("evidence-incomplete", "the evidence does not hold the state in question");
    }
    const auto record = TRY(list_.model(*id));
    if (record.has_value() != state->second.has_value() ||
        (record && state_record(*record) != *state->second)) {
      return refuse("evidence-incomplete",
                    "the entries do not lead to the state that the last entry shows");
    }
    verdict_.sentence =
        id->text() + (record ? described(*record) : " was never on the list") + when_held();
    pass(verdict_.sentence);
    if (record && record->decision) return conclude_decision(*record->decision);
    settle(true);
    return {};
  }

  static std::string described(const ModelRecord& record) {
    const bool listed = record.status == ModelStatus::listed;
    return (listed ? " is on the list, since entry " : " is off the list, removed by entry ") +
           std::to_string(record.changed_at.value) + ", in effect since " +
           format_time(record.effective_from);
  }
  std::string when_held() const {
    if (!verdict_.until) return "";
    return ": so it was from " + format_time(*verdict_.as_of) + " until " +
           format_time(*verdict_.until);
  }

  Result<EntryIndex> conclude_removal() {
    const auto id = subject_model();
    if (!id || !removal_) {
      return refuse("evidence-incomplete", "the evidence holds no removal of " + evidence_.subject);
    }
    const auto record = TRY(list_.model(*id));
    if (!record || record->status != ModelStatus::removed) {
      return refuse("model-listed", id->text() + " was removed once and is on the list again");
    }
    check(record->notice && record->decision);  // As a removal leaves it.
    if (states_[*id] != state_record(*record)) {
      return refuse("evidence-incomplete", "the last entry's state does not show " + id->text() +
                                               " as its removal left it");
    }
    verdict_.sentence = id->text() + " was removed by entry " + std::to_string(removal_->value) +
                        ", in effect since " + format_time(record->effective_from) +
                        ", on the decision in entry " + std::to_string(record->decision->value);
    pass(verdict_.sentence);
    return *record->notice;
  }

  Result<EntryIndex> conclude_notice() {
    const auto number = from_decimal(evidence_.subject);
    const EntryIndex index{number.value_or(0)};
    if (!number || std::find(notices_.begin(), notices_.end(), index) == notices_.end()) {
      return refuse("evidence-incomplete", "the evidence does not hold the notice in question");
    }
    const auto record = TRY(list_.notice(index));
    for (const ModelId& id : record->notice.models) {
      const auto state = states_.find(id);
      if (state == states_.end() || !state->second) {
        return refuse("evidence-incomplete",
                      "the evidence does not show that " + id.text() + " was ever on the list");
      }
    }
    verdict_.sentence =
        "the notice in entry " + evidence_.subject + " to remove " +
        counted(record->notice.models.size(), "model") + " rests on the decision in entry " +
        std::to_string(record->notice.decision.value) + " and is " + to_string(record->state);
    pass(verdict_.sentence);
    return index;
  }

  const Evidence& evidence_;
  const TrustPolicy& policy_;
  const JudgeOptions& options_;
  EvidenceList list_;
  Verdict verdict_;
  std::string step_;
  Bytes note_;
  std::string origin_;
  Hash root_;
  TreeSize tree_size_;
  bool stale_ = false;
  std::optional<EntryIndex> previous_;
  std::optional<EntryIndex> removal_;
  std::vector<EntryIndex> notices_;
  std::map<ModelId, std::optional<Bytes>> states_;  // The records, verbatim.
};

}  // namespace

Verdict judge(const Evidence& evidence, const TrustPolicy& policy, const JudgeOptions& options) {
  return Judge(evidence, policy, options).run();
}

}  // namespace cpl
