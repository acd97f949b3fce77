#include "registry/verdict.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/merkle.hpp"
#include "registry/compact_list.hpp"
#include "registry/entry.hpp"
#include "registry/rules.hpp"
#include "registry/tlog_proof.hpp"

namespace cpl {
namespace {

// The list as far as evidence shows it: the subject exactly, from its own entries; a model that
// only stands beside it, such as a predecessor or another one of the same notice, as its id tells.
class EvidenceList final : public List {
 public:
  explicit EvidenceList(std::optional<ModelId> subject) : subject_(std::move(subject)) {}

  std::shared_ptr<const CharterRecord> charter() const override { return memory_.charter(); }
  Result<std::optional<ModelRecord>> model(const ModelId& id) const override {
    auto record = TRY(memory_.model(id));
    if (record || id == subject_) return record;
    return std::optional(record_of_id(id));
  }
  Result<std::optional<DecisionRecord>> decision(EntryIndex entry) const override {
    return memory_.decision(entry);
  }
  Result<std::optional<MeetingRecord>> meeting(const MeetingRef& ref) const override {
    return memory_.meeting(ref);
  }
  Result<std::optional<NoticeRecord>> notice(EntryIndex entry) const override {
    return memory_.notice(entry);
  }
  void put(const Change& change) { memory_.put(change); }

 private:
  std::optional<ModelId> subject_;
  MemoryList memory_;
};

std::string signers_of(const SignedStatement& statement) {
  std::string names;
  for (const NoteVerifier& signer : statement.signers) {
    names += (names.empty() ? "" : ", ") + signer.name();
  }
  return names;
}

// "removed since entry 8". The record is the log's word: it may be anything.
Result<std::string> describe_state(BytesView record) {
  const Json json = TRY(parse_json(record));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  const std::string_view status = model_status_words[reader.word("status", model_status_words)];
  const std::uint64_t changed_at = reader.integer("changed_at", 0, json_integer_max);
  if (!errors.empty()) {
    return malformed("state-record-malformed", "not a state record: " + describe(errors));
  }
  return std::string(status) + " since entry " + std::to_string(changed_at);
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
    const auto id = ModelId::parse(evidence_.subject);
    if (evidence_.question != Question::removal || !id) return std::nullopt;
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
    step_ = "last entry";
    const Entry last = TRY(prove(evidence_.last));
    if (last.index.value + 1 != verdict_.size.value) {
      return refuse("last-entry-mismatch", "the entry given as the last is not the tree's last");
    }
    pass("entry " + std::to_string(last.index.value) + " is the tree's last and carries the state");
    if (!verdict_.as_of) verdict_.as_of = last.time;
    for (const ProvenState& state : evidence_.states) TRY_VOID(check_state(state, last));
    return conclude();
  }

  Result<void> check_checkpoint() {
    const TlogProof proof = TRY(parse_tlog_proof(evidence_.last.proof));
    note_ = proof.checkpoint_note;
    const TrustedCheckpoint trusted = TRY(trust_checkpoint(note_, policy_));
    origin_ = trusted.checkpoint.origin;
    root_ = trusted.checkpoint.root;
    verdict_.size = trusted.checkpoint.size;
    std::string detail =
        "size " + std::to_string(verdict_.size.value) + ", signed by " + trusted.log_key_name;
    if (trusted.witness_time) {
      verdict_.as_of = witness_time_millis(*trusted.witness_time);
      const std::size_t count = trusted.cosigned.size();
      detail += ", cosigned by " + std::to_string(count) +
                (count == 1 ? " witness at " : " witnesses at ") + format_time(*verdict_.as_of);
      stale_ = is_stale(*trusted.witness_time, options_.witness_age_seconds_max, options_.now);
    }
    pass(detail);
    return {};
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
        verify_inclusion(merkle_leaf(proven.leaf), entry.index, verdict_.size, proof.hashes, root_);
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
    previous_ = entry.index;
    const SignedStatement statement = TRY(open_statement(entry.statement, list_.charter()));
    step_ += ", " + std::string(statement.statement.type());
    const Change change = TRY(apply(list_, statement, {origin_, entry.index, entry.time}));
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
    EntryIndex notice;
    if (evidence_.question == Question::removal) {
      notice = TRY(conclude_removal());
    } else {
      notice = TRY(conclude_notice());
    }
    const auto record = TRY(list_.notice(notice));
    if (!record) return refuse("notice-not-found", "the evidence holds no such notice");
    const auto decision = TRY(list_.decision(record->notice.decision));
    if (!decision) return refuse("decision-not-found", "the evidence holds no decision");
    step_ = "minutes";
    if (decision->standing == DecisionStanding::contradicted) {
      return refuse("decision-contradicted", "the final minutes in entry " +
                                                 std::to_string(decision->final_minutes->value) +
                                                 " hold another text than the decision, or none");
    }
    const bool confirmed = decision->standing == DecisionStanding::confirmed;
    pass(confirmed
             ? "the final minutes in entry " + std::to_string(decision->final_minutes->value) +
                   " hold the decision, word for word"
             : "no final minutes hold the decision yet");
    verdict_.outcome = stale_      ? Outcome::valid_stale
                       : confirmed ? Outcome::valid
                                   : Outcome::valid_provisional;
    return {};
  }

  Result<EntryIndex> conclude_removal() {
    const auto id = subject_model();
    if (!id || !removal_) {
      return refuse("evidence-incomplete", "the evidence holds no removal of " + evidence_.subject);
    }
    const auto record = TRY(list_.model(*id));
    check(record && record->notice && record->decision);  // As a removal leaves it.
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
  bool stale_ = false;
  std::optional<EntryIndex> previous_;
  std::optional<EntryIndex> removal_;
  std::vector<EntryIndex> notices_;
  std::map<ModelId, std::optional<Bytes>> states_;  // The records, verbatim.
};

}  // namespace

std::string to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::valid:
      return "VALID";
    case Outcome::valid_provisional:
      return "VALID, provisional";
    case Outcome::valid_stale:
      return "VALID, stale";
    case Outcome::invalid:
      return "INVALID";
  }
  return "INVALID";
}

int exit_code(Outcome outcome) {
  if (outcome == Outcome::invalid) return 1;
  return outcome == Outcome::valid_stale ? 3 : 0;
}

Verdict judge(const Evidence& evidence, const TrustPolicy& policy, const JudgeOptions& options) {
  return Judge(evidence, policy, options).run();
}

Verdict judge_file(BytesView file, const TrustPolicy& policy, const JudgeOptions& options) {
  const auto evidence = parse_evidence(file);
  if (evidence) return judge(*evidence, policy, options);
  Verdict verdict;
  verdict.code = evidence.error().code;
  verdict.sentence = evidence.error().detail;
  verdict.checks.push_back({"file", false, evidence.error().detail});
  return verdict;
}

Json to_json(const Verdict& verdict) {
  Json checks = Json::array();
  for (const Check& check : verdict.checks) {
    checks.push_back({{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
  }
  Json json = {{"question", question_words[static_cast<std::size_t>(verdict.question)]},
               {"subject", verdict.subject},
               {"verdict", to_string(verdict.outcome)},
               {"sentence", verdict.sentence},
               {"checks", checks},
               {"log_size", verdict.size.value}};
  if (!verdict.code.empty()) json["code"] = verdict.code;
  if (verdict.as_of) json["as_of"] = format_time(*verdict.as_of);
  return json;
}

}  // namespace cpl
