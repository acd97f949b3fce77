#include "registry/extract/verdict.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/merkle.hpp"
#include "registry/rules/rules.hpp"
#include "registry/tlog/entry.hpp"
#include "registry/tlog/tlog_proof.hpp"

namespace cpl {
namespace {

Error forged(std::string code, std::string detail) {
  return Error{Errc::unauthorized, std::move(code), std::move(detail)};
}

// One run of the judge. Each step notes its check; the first that fails ends the run.
class ExtractJudge {
 public:
  ExtractJudge(const ExtractFiles& files, const TrustPolicy& policy, const JudgeOptions& options,
               const std::optional<HeldExtract>& held)
      : files_(files), policy_(policy), options_(options), held_(held) {}

  ExtractVerdict run() {
    if (const auto judged = steps(); !judged) {
      verdict_.code = judged.error().code;
      verdict_.sentence = judged.error().detail;
      verdict_.checks.push_back({step_, false, judged.error().detail});
    }
    return std::move(verdict_);
  }

 private:
  void pass(std::string detail) {
    verdict_.checks.push_back({std::move(step_), true, std::move(detail)});
    step_.clear();
  }

  Result<void> steps() {
    TRY_VOID(read());
    proof_ = TRY(parse_extract_proof(files_.proof));
    TRY_VOID(check_checkpoint());
    for (const ProvenEntry& charter : proof_.charters) TRY_VOID(check_charter(charter));
    TRY_VOID(check_last());
    TRY_VOID(check_rows());
    TRY_VOID(check_signature());
    if (held_) TRY_VOID(check_held());
    conclude();
    return {};
  }

  Result<void> read() {
    step_ = "file";
    verdict_.form = extract_form_of(files_.content);
    extract_ = TRY(parse_extract(files_.content));
    verdict_.header = extract_.header;
    pass(to_string(*verdict_.form) + ", version " + std::to_string(header().version) + ", " +
         counted(extract_.models.size(), "model") + " at log size " +
         std::to_string(header().log_size.value));
    step_ = "proof";
    return {};
  }

  Result<void> check_checkpoint() {
    step_ = "checkpoint";
    note_ = TRY(parse_tlog_proof(proof_.last.proof)).checkpoint_note;
    const TrustedCheckpoint trusted = TRY(trust_checkpoint(note_, policy_));
    checkpoint_ = trusted.checkpoint;
    if (checkpoint_.origin != header().origin) {
      return refuse("origin-mismatch", "the extract is of \"" + header().origin +
                                           "\", the checkpoint of \"" + checkpoint_.origin + "\"");
    }
    if (checkpoint_.size < header().log_size) {
      return refuse("size-not-found", "the checkpoint's log has not reached the extract's size");
    }
    std::string detail =
        "size " + std::to_string(checkpoint_.size.value) + ", signed by " + trusted.log_key_name;
    if (trusted.witness_time) {
      verdict_.as_of = witness_time_millis(*trusted.witness_time);
      detail += ", cosigned by " + counted(trusted.cosigned.size(), "witness") + " at " +
                format_time(*verdict_.as_of);
      stale_ = is_stale(*trusted.witness_time, options_.witness_age_seconds_max, options_.now);
    }
    pass(std::move(detail));
    return {};
  }

  Result<Entry> prove(const ProvenEntry& proven) const {
    Entry entry = TRY(parse_entry(proven.leaf));
    const TlogProof proof = TRY(parse_tlog_proof(proven.proof));
    if (proof.checkpoint_note != note_) {
      return refuse("checkpoint-mismatch", "a proof has another checkpoint than the others");
    }
    if (proof.index != entry.index ||
        !verify_inclusion(merkle_leaf(proven.leaf), entry.index, checkpoint_.size, proof.hashes,
                          checkpoint_.root)) {
      return forged("inclusion-proof-invalid",
                    "entry " + std::to_string(entry.index.value) +
                        " is not in the log as it stands here: the entry or its proof was altered");
    }
    return entry;
  }

  Result<void> check_charter(const ProvenEntry& proven) {
    step_ = "charter";
    const Entry entry = TRY(prove(proven));
    step_ = "entry " + std::to_string(entry.index.value) + ", charter";
    if (entry.index.value >= header().log_size.value) {
      return refuse("charter-later", "this charter came after the log size of the extract");
    }
    const SignedStatement statement = TRY(open_statement(entry.statement, list_.charter()));
    if (!std::holds_alternative<Charter>(statement.statement.body)) {
      return refuse("charter-missing", "the entry is not a charter");
    }
    list_.put(
        TRY(apply(list_, statement, {header().origin, entry.index, entry.time, policy_.logs()})));
    pass("in the log, and the rules allow it; its id is " + to_hex(statement.id));
    return {};
  }

  Result<void> check_last() {
    step_ = "last entry";
    const Entry last = TRY(prove(proof_.last));
    if (last.index.value + 1 != header().log_size.value) {
      return refuse("last-entry-mismatch", "the proof is not of the last entry at the log size");
    }
    if (last.state_root != header().state_root || last.time != header().as_of) {
      return forged("extract-root-mismatch",
                    "entry " + std::to_string(last.index.value) +
                        " carries another state root or time than the extract says");
    }
    pass("entry " + std::to_string(last.index.value) + " of " + format_time(last.time) +
         " carries the extract's state root");
    if (!verdict_.as_of) verdict_.as_of = last.time;
    return {};
  }

  Result<void> check_rows() {
    step_ = "rows";
    if (state_root_of(extract_.models) != header().state_root) {
      return forged("extract-root-mismatch",
                    "the rows do not give the state root: a model is missing, added or changed");
    }
    pass("the state root computed again from " + counted(extract_.models.size(), "row") +
         " is the one in the log");
    return {};
  }

  Result<void> check_signature() {
    step_ = "signature";
    if (!files_.signature) return forged("signature-missing", "nobody has signed this file");
    const ExtractSignature signature = TRY(open_extract_signature(
        *files_.signature, list_.charter()->charter, header().as_of, options_.now));
    if (signature.digest != sha256(files_.content)) {
      return forged("signature-invalid", "the signature is of another file than this");
    }
    pass("by " + signature.signer + " of the registrar, as " + signature.certificate + ", at " +
         format_time(signature.signed_at));
    return {};
  }

  Result<void> check_held() {
    step_ = "version";
    const Hash hash = extract_hash(extract_);
    if (held_->origin != header().origin) {
      return refuse("origin-mismatch", "the version held is of \"" + held_->origin + "\"");
    }
    if (header().version < held_->version || header().log_size < held_->log_size) {
      return refuse("extract-older", "version " + std::to_string(held_->version) +
                                         " was seen before, and this is version " +
                                         std::to_string(header().version));
    }
    const bool same = header().version == held_->version;
    const bool next = header().version == held_->version + 1;
    if ((same && hash != held_->hash) || (next && header().previous != held_->hash)) {
      return refuse("extract-previous-mismatch",
                    "another version " + std::to_string(held_->version) +
                        " was seen than the one this rests on: ask the registrar which is theirs");
    }
    pass(same ? "the one held already" : "newer than version " + std::to_string(held_->version));
    return {};
  }

  void conclude() {
    verdict_.outcome = stale_ ? Outcome::valid_stale : Outcome::valid;
    verdict_.sentence = "version " + std::to_string(header().version) +
                        " of the list, complete and as the log has it at size " +
                        std::to_string(header().log_size.value) + ", " +
                        format_time(header().as_of);
    verdict_.held =
        HeldExtract{header().origin, header().version, extract_hash(extract_), header().log_size};
  }

  const ExtractHeader& header() const { return extract_.header; }

  const ExtractFiles& files_;
  const TrustPolicy& policy_;
  const JudgeOptions& options_;
  const std::optional<HeldExtract>& held_;
  ExtractVerdict verdict_;
  std::string step_;
  Extract extract_;
  ExtractProof proof_;
  Bytes note_;
  Checkpoint checkpoint_;
  MemoryList list_;
  bool stale_ = false;
};

}  // namespace

Bytes format_held_extract(const HeldExtract& held) {
  return canonical_json({{"origin", held.origin},
                         {"version", held.version},
                         {"sha256", to_hex(held.hash)},
                         {"log_size", held.log_size.value}}) +
         "\n";
}

Result<HeldExtract> parse_held_extract(BytesView text) {
  const Json json = TRY(parse_json(text));
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  HeldExtract held{reader.text("origin", 255), reader.integer("version", 1, json_integer_max),
                   reader.hash("sha256"),
                   TreeSize{reader.integer("log_size", 1, json_integer_max)}};
  reader.done();
  if (!errors.empty()) {
    return malformed("held-malformed", "not the record of a version held: " + describe(errors));
  }
  return held;
}

ExtractVerdict judge_extract(const ExtractFiles& files, const TrustPolicy& policy,
                             const JudgeOptions& options, const std::optional<HeldExtract>& held) {
  return ExtractJudge(files, policy, options, held).run();
}

Json to_json(const ExtractVerdict& verdict) {
  Json checks = Json::array();
  for (const Check& check : verdict.checks) {
    checks.push_back({{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
  }
  Json json = {{"question", "extract"},
               {"verdict", to_string(verdict.outcome)},
               {"sentence", verdict.sentence},
               {"checks", checks}};
  if (verdict.form) json["form"] = to_string(*verdict.form);
  if (verdict.header) {
    json["version"] = verdict.header->version;
    json["log_size"] = verdict.header->log_size.value;
  }
  if (verdict.held) json["sha256"] = to_hex(verdict.held->hash);
  if (!verdict.code.empty()) json["code"] = verdict.code;
  if (verdict.as_of) json["as_of"] = format_time(*verdict.as_of);
  return json;
}

}  // namespace cpl
