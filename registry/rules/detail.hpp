// The rules of each statement type; called by `apply` alone, after the signatures and times of the
// statement have been judged.
#pragma once

#include "registry/list/record_fold.hpp"
#include "registry/rules/rules.hpp"

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
Result<Change> apply_correction(const List& list, const Correction& correction,
                                const EntryContext& context);
Result<Change> apply_certificate(const List& list, const CertificateChange& certificate,
                                 const EntryContext& context);
Result<Change> apply_disclosure(const List& list, const Disclosure& disclosure,
                                const EntryContext& context);

Result<Change> apply_withdrawal(const List& list, const Withdrawal& withdrawal,
                                const EntryContext& context);
Result<Change> apply_loading(const List& list, const Loading& loading, const EntryContext& context);
Result<Change> apply_deployment(const List& list, const Deployment& deployment,
                                const EntryContext& context);
Result<Change> apply_calendar(const MeetingCalendar& calendar, const EntryContext& context);
Result<Change> apply_paper(const List& list, const MeetingPaper& paper,
                           const EntryContext& context);
Result<Change> apply_action(const List& list, const ActionUpdate& update,
                            const EntryContext& context);
Result<Change> apply_specifications(const List& list, const Specifications& specifications,
                                    const EntryContext& context);
// What minutes say of actions: those that they raise, and those that they name as outstanding.
Result<void> note_actions(const List& list, const Minutes& minutes, const EntryContext& context,
                          Change& change);

Result<NoticeRecord> notice_at(const List& list, EntryIndex entry, int rule);
Result<ModelRecord> listed_model(const List& list, const ModelId& id, int rule);
// A statement that tells whom it concerns names the models of the notice, and no others.
Result<void> check_models_of(const NoticeRecord& notice, const std::vector<ModelId>& models,
                             int rule);
Result<MeetingRecord> meeting_or_new(const List& list, const MeetingRef& ref);

// Of rule 3, what holds at any time: certificates and image hash are there, predecessors fit.
Result<void> check_model(const List& list, const DeviceModel& model, const CharterPolicy& policy);
// Of the same rule, what is asked of a CPA certificate that comes new to a model.
Result<void> check_cpa(const ModelId& id, const std::optional<CpaCertificate>& cpa,
                       const CharterPolicy& policy, const EntryContext& context);
// No certificate can have been issued on a day that is still to come.
Result<void> check_issue_dates(const DeviceModel& model, UnixMillis now);
Error refuse_model(const ModelId& id, std::string code, std::string detail, int rule);

Result<DecisionRecord> decision_at(const List& list, EntryIndex entry, int rule);
Result<void> check_verb(const DecisionRecord& decision);  // Rule 4.
Result<void> check_not_contradicted(const DecisionRecord& decision, int rule);
// A decision is used up by what was done on it: it must be newer than the model's last change of
// status, its addition included.
Result<void> check_decided_since(const DecisionRecord& decision, const ModelRecord& model,
                                 int rule);
// The model, whatever its status.
Result<ModelRecord> known_model(const List& list, const ModelId& id, int rule);

// How far a signer's clock may be ahead of the registry's, or of another signer's.
inline constexpr std::uint64_t clock_skew_millis_max = 300'000;

// Whether the day has begun in Britain, by the clock of somebody who signs.
bool has_come(const Date& date, UnixMillis now);
Result<void> check_concerns_since(const std::optional<Date>& day, UnixMillis now);
Result<void> check_date_came(const std::string& what, const Date& date, UnixMillis now);
// `what` is what happened at `earliest`.
Result<void> check_not_before(UnixMillis time, UnixMillis earliest, const std::string& what,
                              int rule);
Result<void> check_after_decision(UnixMillis time, const DecisionRecord& decision, int rule);
Result<void> check_not_far(UnixMillis time, UnixMillis now, int rule);
Result<void> check_has_happened(UnixMillis time, UnixMillis now, int rule);

inline FoldedEntry folded(const EntryContext& context,
                          std::optional<EntryIndex> decision = std::nullopt) {
  return {context.index, context.time, decision};
}

// "entry 42", as refusals name it.
std::string name_of(EntryIndex entry);

}  // namespace cpl::rules
