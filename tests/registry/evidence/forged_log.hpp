// A log of whoever holds the log's key: it takes in anything that is signed by anybody, and its
// states follow as if the rules had allowed it.
#pragma once

#include "registry/list/state_record.hpp"
#include "tests/registry/audit/published_log.hpp"

namespace cpl {

class ForgedLog {
 public:
  UnixMillis now = at("2026-07-09T12:00:00Z");
  MadeUpLog log;

  EntryIndex does(const StatementBody& body) { return does(body, signers_for(body)); }
  EntryIndex does(const StatementBody& body, const Signers& signers) {
    return takes({test_origin, now, body}, signers);
  }
  EntryIndex takes(const Statement& statement, const Signers& signers) {
    fold(statement.body, next());
    return enter(format_note(sign(statement, signers)));
  }
  // The same statement once more.
  EntryIndex repeats(EntryIndex entry) {
    const Bytes note = entry_of(log.leaves[entry.value]).statement;
    fold(parse_statement(parse_note(note)->text)->body, next());
    return enter(note);
  }
  // A state that no entry gives, from here on.
  void says(const ModelId& id, const ModelRecord& record) {
    states_[id] = state_record(record);
    set(state_key(id), state_value(states_[id]));
  }

  EntryIndex next() const { return EntryIndex{log.leaves.size()}; }
  const std::map<ModelId, ModelRecord>& models() const { return models_; }

  Evidence evidence(Question question, const std::string& subject,
                    const std::vector<EntryIndex>& entries,
                    const std::vector<ModelId>& models) const {
    Evidence evidence{question, subject, {}, log.prove(EntryIndex{log.leaves.size() - 1}), {}, {}};
    for (const EntryIndex entry : entries) evidence.entries.push_back(log.prove(entry));
    for (const ModelId& id : models) {
      const auto proof = prove_in_prefix_tree(tree(), state_key(id), read_branch());
      REQUIRE(proof.has_value());
      const auto state = states_.find(id);
      evidence.states.push_back(
          {id, state == states_.end() ? std::nullopt : std::optional(state->second), *proof});
    }
    return evidence;
  }

 private:
  EntryIndex enter(const Bytes& note) {
    const EntryIndex index = next();
    log.leaves.push_back(format_entry({index, now, tree().hash, note}));
    now = plus_seconds(now, 1);
    return index;
  }

  PrefixSubtree tree() const {
    if (branches_.empty()) return {};
    return {branches_.back()->hash(0), branches_.size() - 1};
  }
  ReadPrefixBranch read_branch() const {
    return [this](PrefixVersion version) {
      return Result<std::shared_ptr<const PrefixBranch>>(branches_.at(version));
    };
  }
  void set(const Hash& key, const Hash& value) {
    auto branch = set_in_prefix_tree(tree(), key, value, read_branch());
    REQUIRE(branch.has_value());
    branches_.push_back(std::make_shared<const PrefixBranch>(*std::move(branch)));
  }

  ModelRecord& record_of(const ModelId& id) {
    return models_.try_emplace(id, record_of_id(id)).first->second;
  }
  void change(ModelRecord& record, ModelStatus status, EntryIndex index, UnixMillis effective,
              EntryIndex decision) {
    record.status = status;
    record.changed_before = std::exchange(record.changed_at, index);
    record.effective_from = effective;
    record.decision = decision;
    record.status_word.reset();
  }

  void fold(const StatementBody& body, EntryIndex index) {
    ModelRecord* changed = nullptr;
    if (const auto* notice = std::get_if<Notice>(&body)) decisions_[index] = notice->decision;
    if (const auto* addition = std::get_if<Addition>(&body)) {
      changed = &record_of(addition->model.id());
      *changed = ModelRecord{};
      changed->model = addition->model;
      changed->added = index;
      changed->changed_at = index;
      changed->effective_from = effective_time(addition->effective_from, now);
    }
    if (const auto* removal = std::get_if<Removal>(&body)) {
      changed = &record_of(removal->model);
      change(*changed, ModelStatus::removed, index, effective_time(removal->effective_from, now),
             decisions_[removal->notice]);
      changed->status_word = removal->status_word;
    }
    if (const auto* reinstatement = std::get_if<Reinstatement>(&body)) {
      changed = &record_of(reinstatement->model);
      change(*changed, ModelStatus::listed, index,
             effective_time(reinstatement->effective_from, now), reinstatement->decision);
    }
    if (const auto* correction = std::get_if<Correction>(&body)) {
      changed = &record_of(correction->model.id());
      changed->model = correction->model;
    }
    if (const auto* certificate = std::get_if<CertificateChange>(&body)) {
      changed = &record_of(certificate->model);
      if (certificate->event == CertificateEvent::renewed) {
        put_renewed(*certificate, changed->model);
        changed->lapsed.erase(certificate->kind);
      } else {
        changed->lapsed.insert_or_assign(
            certificate->kind, LapsedCertificate{certificate->event, certificate->date, index});
      }
    }
    if (changed != nullptr) says(changed->model.id(), *changed);
  }

  std::map<ModelId, ModelRecord> models_;
  std::map<ModelId, Bytes> states_;
  std::map<EntryIndex, EntryIndex> decisions_;  // By the notice that cites it.
  std::vector<std::shared_ptr<const PrefixBranch>> branches_;
};

}  // namespace cpl
