// The rules of each statement type; called by `apply` alone, after the signatures and times of the
// statement have been judged.
#pragma once

#include "registry/rules.hpp"

namespace cpl::rules {

Result<Change> apply_addition(const List& list, const Addition& addition,
                              const EntryContext& context);
Result<Change> apply_minutes(const List& list, const Minutes& minutes, const EntryContext& context);
Result<Change> apply_decision(const List& list, const Decision& decision,
                              const EntryContext& context);
Result<Change> apply_notice(const List& list, const Notice& notice, const EntryContext& context);
Result<Change> apply_receipt(const List& list, const Receipt& receipt, const EntryContext& context);
Result<Change> apply_removal(const List& list, const Removal& removal, const EntryContext& context);

Result<Change> apply_reinstatement(const List& list, const Reinstatement& reinstatement,
                                   const EntryContext& context);
Result<Change> apply_correction(const List& list, const Correction& correction);
Result<Change> apply_certificate(const List& list, const CertificateChange& certificate,
                                 const EntryContext& context);
Result<Change> apply_disclosure(const List& list, const Disclosure& disclosure,
                                const EntryContext& context);

// Of rule 3, what holds at any time: certificates and image hash are there, predecessors fit.
Result<void> check_model(const List& list, const DeviceModel& model, const CharterPolicy& policy);
Error refuse_model(const ModelId& id, std::string code, std::string detail, int rule);

Result<DecisionRecord> decision_at(const List& list, EntryIndex entry, int rule);
Result<void> check_verb(const DecisionRecord& decision);  // Rule 4.
Result<void> check_not_contradicted(const DecisionRecord& decision, int rule);
// A decision is used up by what was done on it: it must be newer than the model's last removal or
// reinstatement.
Result<void> check_decided_since(const DecisionRecord& decision, const ModelRecord& model,
                                 int rule);
// The model, whatever its status.
Result<ModelRecord> known_model(const List& list, const ModelId& id, int rule);

// "entry 42", as refusals name it.
std::string name_of(EntryIndex entry);

}  // namespace cpl::rules
