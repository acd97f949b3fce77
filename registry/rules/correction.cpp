// Rules 9 and 10: what changes a model's record and not its status.
#include "registry/list/state_record.hpp"
#include "registry/rules/detail.hpp"

namespace cpl::rules {
namespace {

// So that no correction can close a circle of predecessors.
Result<void> check_predecessors_older(const List& list, const DeviceModel& model,
                                      EntryIndex added) {
  for (const ModelId& predecessor : model.predecessors) {
    const auto record = TRY(list.model(predecessor));
    if (record && record->added < added) continue;
    return refuse_model(model.id(), "predecessor-mismatch",
                        "cannot follow " + predecessor.text() + ", which came onto the list later",
                        9);
  }
  return {};
}

}  // namespace

Result<ModelRecord> known_model(const List& list, const ModelId& id, int rule) {
  auto model = TRY(list.model(id));
  if (!model) return refuse("model-not-listed", id.text() + " was never on the list", rule);
  return *std::move(model);
}

Result<Change> apply_correction(const List& list, const Correction& correction,
                                const EntryContext& context) {
  const ModelId id = correction.model.id();
  ModelRecord model = TRY(known_model(list, id, 9));
  if (correction.decision) {
    const DecisionRecord decision = TRY(decision_at(list, *correction.decision, 9));
    TRY_VOID(check_verb(decision));
    TRY_VOID(check_not_contradicted(decision, 8));
  }
  TRY_VOID(check_has_happened(correction.model.received_at, context.time, 9));
  TRY_VOID(check_issue_dates(correction.model, context.time));
  TRY_VOID(check_model(list, correction.model, list.charter()->charter.policy));
  TRY_VOID(check_predecessors_older(list, correction.model, model.added));
  apply_to_record(model, correction, folded(context));
  Change change;
  change.state_changed = id;
  change.models.push_back(std::move(model));
  return change;
}

namespace {

// What is said to have happened has.
Result<void> check_event_date(const CertificateChange& certificate, UnixMillis now) {
  if (has_come(certificate.date, now)) return {};
  return refuse("certificate-date-future",
                "the event is of " + certificate.date.text() + ", which is still to come", 10);
}

// What the model does not have cannot lapse.
Result<void> check_has_certificate(const ModelRecord& model, CertificateKind kind) {
  if (digests_of(model).of(kind)) return {};
  return refuse_model(model.model.id(), "certificate-missing",
                      "has no " + std::string(word_of(kind)) + " certificate that could lapse", 10);
}

}  // namespace

Result<Change> apply_certificate(const List& list, const CertificateChange& certificate,
                                 const EntryContext& context) {
  TRY_VOID(check_concerns_since(certificate.concerns_since, context.time));
  ModelRecord model = TRY(known_model(list, certificate.model, 10));
  TRY_VOID(check_event_date(certificate, context.time));
  const bool is_renewed = certificate.event == CertificateEvent::renewed;
  if (!is_renewed) TRY_VOID(check_has_certificate(model, certificate.kind));
  apply_to_record(model, certificate, folded(context));
  if (is_renewed) {  // A new certificate is held to what an addition's is.
    TRY_VOID(check_issue_dates(model.model, context.time));
    TRY_VOID(check_cpa(certificate.model, certificate.renewed_cpa, list.charter()->charter.policy,
                       context));
  }
  Change change;
  change.state_changed = certificate.model;
  change.models.push_back(std::move(model));
  return change;
}

}  // namespace cpl::rules
